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

    /// <summary>The bytes that a signer signs who takes the proposed serviceTime.</summary>
    /// <exception cref="SignerException">A lone surrogate.</exception>
    public static byte[] Encode(SigningRequest request)
    {
        try
        {
            return Encode(Compose(request.SessionId, request.Head, request.Lists, request.ProposedServiceTime));
        }
        catch (EncoderFallbackException)
        {
            // Not passed on: its message repeats characters of the text.
            throw new SignerException(SignerFailure.Configuration, Words.Of("加签原文含有不成对的代理字符，无法签名", "The text to sign holds a lone surrogate, which has no UTF-8"));
        }
    }
}
