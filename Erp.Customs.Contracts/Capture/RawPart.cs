using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Erp.Customs.Contracts.Capture;

/// <summary>One message of an exchange as it went by, and what its headers said about it. Read in the background only.</summary>
/// <param name="Bytes">As heard.</param>
/// <param name="End">How it ended.</param>
/// <param name="ContentType">Header Content-Type, raw.</param>
/// <param name="ContentEncoding">Header Content-Encoding, raw: there only where the one who captured the message has to unpack it himself.</param>
/// <param name="At">When it was sent or received.</param>
internal sealed record RawPart(ReadOnlyMemory<byte> Bytes, TapEnd End, string? ContentType, string? ContentEncoding, DateTimeOffset At)
{
    private const string Utf8 = "utf-8";

    /// <summary>How much of an XML message is searched for its encoding. 200 bytes.</summary>
    private const int DeclarationRoom = 200;

    /// <summary>A message that never came.</summary>
    public static RawPart None { get; } = new(default, TapEnd.Incomplete, null, null, default);

    /// <summary>Reads the two headers without touching them otherwise.</summary>
    public static (string? Type, string? Encoding) HeadersOf(HttpContent? content) => content is null
        ? (null, null)
        : (Header(content.Headers, "Content-Type"), Header(content.Headers, "Content-Encoding"));

    /// <summary>The message without its packing (gzip, deflate, br), which belongs to the way and not to the message.</summary>
    /// <param name="limit">Largest message.</param>
    /// <returns>The same, unpacked; too large when it grows beyond the limit, incomplete when it cannot be unpacked.</returns>
    public RawPart Unpacked(int limit)
    {
        if (End != TapEnd.Complete || string.IsNullOrWhiteSpace(ContentEncoding) || ContentEncoding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return this;
        }

        using var packed = new MemoryStream(Bytes.ToArray());
        using Stream? stream = ContentEncoding.Trim().ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(packed, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(packed, CompressionMode.Decompress),
            "BR" => new BrotliStream(packed, CompressionMode.Decompress),
            _ => null,
        };
        if (stream is null)
        {
            return this with { Bytes = default, End = TapEnd.Incomplete };
        }

        var room = new byte[limit + 1];
        try
        {
            var length = stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            return length > limit
                ? this with { Bytes = default, End = TapEnd.TooLarge }
                : this with { Bytes = room.AsMemory(0, length), ContentEncoding = null };
        }
        catch (InvalidDataException)
        {
            return this with { Bytes = default, End = TapEnd.Incomplete };
        }
    }

    /// <summary>The message's charset: of its Content-Type, else of its XML declaration, else utf-8.</summary>
    public string Charset()
    {
        var named = MediaTypeHeaderValue.TryParse(ContentType, out var type) ? type.CharSet?.Trim(' ', '"', '\'') : null;
        return named is { Length: > 0 and <= CapturedMessage.CharsetLimit } ? named : Declared() ?? Utf8;
    }

    /// <summary>The message as text, for finding things in it; what its charset does not explain is replaced.</summary>
    public string Text()
    {
        var name = Charset();
        Encoding encoding;
        try
        {
            encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name.Equals("utf8", StringComparison.OrdinalIgnoreCase) ? Utf8 : name);
        }
        catch (ArgumentException)
        {
            // A charset that nobody knows: trade numbers are ASCII all the same.
            encoding = Encoding.Latin1;
        }

        return encoding.GetString(Bytes.Span);
    }

    private string? Declared()
    {
        var head = Encoding.Latin1.GetString(Bytes.Span[..Math.Min(Bytes.Length, DeclarationRoom)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
        var end = head.IndexOf("?>", StringComparison.Ordinal);
        if (!head.StartsWith("<?xml", StringComparison.Ordinal) || end < 0)
        {
            return null;
        }

        var at = head.IndexOf("encoding", StringComparison.Ordinal);
        var quoted = at < 0 || at > end ? [] : head[at..end].Split('"', '\'');
        return quoted.Length > 2 && quoted[1].Length is > 0 and <= CapturedMessage.CharsetLimit ? quoted[1] : null;
    }

    private static string? Header(HttpContentHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
