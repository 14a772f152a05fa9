using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Platform;

/// <summary>
/// Reads an openReq in every shape seen in the wild (protocol.md section 1): a form field <c>openReq</c> with JSON, plain form fields, a JSON body,
/// JSON escaped as <c>&amp;quot;</c> or <c>\"</c> or as a JSON string, serviceTime as number or string. The content type is not relied upon.
/// </summary>
internal static class OpenReqReader
{
    /// <summary>Longest sessionID and orderNo taken, in UTF-16 units.</summary>
    private const int IdentifierLimit = 128;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <param name="body">As received.</param>
    /// <param name="openReq">What is asked for, when the answer is <see cref="OpenReqCode.Accepted"/>.</param>
    /// <returns><see cref="OpenReqCode.Accepted"/> or the code of what is wrong.</returns>
    public static string Read(ReadOnlySpan<byte> body, out OpenReq openReq)
    {
        openReq = new OpenReq("", "", "");
        string text;
        try
        {
            text = Utf8.GetString(body).TrimStart((char)0xFEFF);
        }
        catch (DecoderFallbackException)
        {
            return OpenReqCode.Unreadable;
        }

        var found = text.AsSpan().TrimStart().StartsWith("{") ? FromJson(text) : FromForm(text);
        if (found is null)
        {
            return OpenReqCode.Unreadable;
        }

        openReq = found;
        return !IsIdentifier(found.OrderNo) ? OpenReqCode.BadOrderNo
            : !IsIdentifier(found.SessionId) ? OpenReqCode.BadSessionId
            : OpenReqCode.Accepted;
    }

    private static bool IsIdentifier(string value)
    {
        // A lone surrogate has no UTF-8 form: it could neither be stored nor signed.
        return value.Length is > 0 and <= IdentifierLimit && !value.Any(char.IsControl) && IsUnicode(value);
    }

    private static bool IsUnicode(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static OpenReq? FromForm(string text)
    {
        var fields = QueryHelpers.ParseQuery(text);
        if (fields.TryGetValue("openReq", out var wrapped) && FromJson(wrapped.ToString()) is { } openReq)
        {
            return openReq;
        }

        if (fields.ContainsKey("sessionID") || fields.ContainsKey("orderNo"))
        {
            return new OpenReq(Field(fields, "orderNo"), Field(fields, "sessionID"), Field(fields, "serviceTime"));
        }

        // &quot; written into a form without percent-encoding: the field ends at each '&' for a form parser, so read on to the end of the body.
        var start = text.IndexOf("openReq=", StringComparison.Ordinal);
        return start < 0 ? null : FromJson(WebUtility.UrlDecode(text[(start + "openReq=".Length)..]));
    }

    private static OpenReq? FromJson(string text)
    {
        foreach (var candidate in Unescaped(text))
        {
            try
            {
                using var document = JsonDocument.Parse(candidate, Strict);
                var root = document.RootElement;
                if (root.ValueKind == JsonValueKind.String)
                {
                    return FromJson(root.GetString()!);
                }

                if (root.ValueKind == JsonValueKind.Object)
                {
                    return root.TryGetProperty("openReq", out var inner)
                        ? FromJson(inner.ValueKind == JsonValueKind.String ? inner.GetString()! : inner.GetRawText())
                        : new OpenReq(Field(root, "orderNo"), Field(root, "sessionID"), Field(root, "serviceTime"));
                }
            }
            catch (Exception problem) when (problem is JsonException or InvalidOperationException)
            {
                // Not JSON in this spelling, or not Unicode: the next spelling may be.
                continue;
            }
        }

        return null;
    }

    /// <summary>The text as it is, then with one level of each escaping taken off.</summary>
    private static IEnumerable<string> Unescaped(string text)
    {
        yield return text;
        if (text.Contains('&'))
        {
            yield return WebUtility.HtmlDecode(text);
        }

        if (text.Contains('\\'))
        {
            yield return text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }
    }

    /// <summary>A field that stands twice says nothing.</summary>
    private static string Field(Dictionary<string, StringValues> fields, string name) =>
        fields.TryGetValue(name, out var values) && values.Count == 1 ? values.ToString() : "";

    private static string Field(JsonElement root, string name) => !root.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
