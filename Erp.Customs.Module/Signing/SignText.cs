using System.Globalization;
using System.Text;

namespace Erp.Customs.Module.Signing;

/// <summary>加签原文: what is signed (notice 179, 1.4).</summary>
internal static class SignText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Four items joined by <c>||</c>, each <c>"name":"value"</c> in ASCII quotes, nothing escaped again, nothing trimmed.
    /// Head and lists must be the very characters that stand in payExInfoStr. It is signed as UTF-8 without BOM.
    /// </summary>
    public static string Compose(string sessionId, string head, string lists, long serviceTime) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"sessionID\":\"{sessionId}\"||\"payExchangeInfoHead\":\"{head}\"||\"payExchangeInfoLists\":\"{lists}\"||\"serviceTime\":\"{serviceTime}\"");

    /// <summary>The bytes that are signed.</summary>
    /// <exception cref="EncoderFallbackException">A lone surrogate: it has no UTF-8, and a replacement would be signed in its stead.</exception>
    public static byte[] Encode(string signText) => Utf8.GetBytes(signText);
}
