using System.Globalization;
using Erp.Customs.Simulator.Judging;
using Microsoft.Net.Http.Headers;

namespace Erp.Customs.Simulator;

/// <summary>Reads the form of an upload down to bytes: the framework's own reader would repair what is not UTF-8.</summary>
internal static class UploadForm
{
    /// <summary>A form larger than this is not read, in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const string Field = "payExInfoStr";

    /// <summary>Reads a body.</summary>
    /// <returns>The bytes, or <see langword="null"/> when there are more than <see cref="MaxBytes"/>.</returns>
    public static async Task<byte[]?> ReadBodyAsync(Stream body, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var block = new byte[64 * 1024];
        for (int length; (length = await body.ReadAsync(block, cancellationToken)) > 0;)
        {
            if (all.Length + length > MaxBytes)
            {
                return null;
            }

            all.Write(block, 0, length);
        }

        return all.ToArray();
    }

    /// <summary>Finds payExInfoStr.</summary>
    /// <param name="contentType">The request's header.</param>
    /// <param name="body">The body.</param>
    /// <returns>Its bytes after form decoding, or what is wrong with the form.</returns>
    public static (byte[]? Payload, Refusal? Refusal) Find(string? contentType, ReadOnlySpan<byte> body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new Refusal(ReplyCodes.Form, "Content-Type必须是application/x-www-form-urlencoded"));
        }

        byte[]? payload = null;
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            var equals = pair.IndexOf((byte)'=');
            if (equals < 0 || Decode(pair[..equals]) is not { } name || !name.AsSpan().SequenceEqual("payExInfoStr"u8))
            {
                return (null, new Refusal(ReplyCodes.Form, $"表单只能有一个字段{Field}"));
            }

            if (payload is not null)
            {
                return (null, new Refusal(ReplyCodes.Form, $"表单字段{Field}重复"));
            }

            payload = Decode(pair[(equals + 1)..]);
            if (payload is null)
            {
                return (null, new Refusal(ReplyCodes.Form, $"表单字段{Field}的百分号编码不正确"));
            }
        }

        return (payload, null);
    }

    private static byte[]? Decode(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            switch (encoded[i])
            {
                case (byte)'+':
                    decoded[length++] = (byte)' ';
                    break;
                case (byte)'%':
                    if (i + 2 >= encoded.Length || !byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out decoded[length++]))
                    {
                        return null;
                    }

                    i += 2;
                    break;
                default:
                    decoded[length++] = encoded[i];
                    break;
            }
        }

        return decoded[..length];
    }
}
