using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// Reads a callback of the bridge (API v1.1, 1.1): a form field <c>data</c> with JSON, encoded or as it is, or the JSON alone. All that is needed of it is the order's number:
/// whatever else it says is believed to nobody.
/// </summary>
internal static class CallbackReader
{
    private const string Field = "data=";
    private const int OrderNoLength = 60;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds the order's number; <see langword="null"/> when there is none.</summary>
    public static string? OrderNo(ReadOnlySpan<byte> body)
    {
        string text;
        try
        {
            text = Utf8.GetString(body).Trim((char)0xFEFF, ' ', '\r', '\n', '\t');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        return Candidates(text).Select(BridgeFields.Read).FirstOrDefault(fields => fields is not null)?.GetValueOrDefault("order_no") is { Length: > 0 and <= OrderNoLength } orderNo ? orderNo : null;
    }

    private static IEnumerable<string> Candidates(string text)
    {
        if (text.StartsWith('{'))
        {
            yield return text;
            yield break;
        }

        if (QueryHelpers.ParseQuery(text).TryGetValue("data", out var data) && data.Count == 1)
        {
            yield return data.ToString();
        }

        // Not encoded at all: an '&' in a value ends the field for a form's parser, so read on to the end.
        var start = text.IndexOf(Field, StringComparison.Ordinal);
        if (start >= 0)
        {
            yield return WebUtility.UrlDecode(text[(start + Field.Length)..]);
        }
    }
}
