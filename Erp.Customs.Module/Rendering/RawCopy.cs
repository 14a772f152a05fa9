using System.Text;

namespace Erp.Customs.Module.Rendering;

/// <summary>Makes the copy of a raw message that is sent. The original stays in the archive.</summary>
internal static class RawCopy
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Applies a merchant's policy.</summary>
    /// <param name="text">The raw message, see <see cref="RawText"/>.</param>
    /// <param name="policy">The merchant's.</param>
    public static string Apply(string text, RawPolicy policy) => policy switch
    {
        RawPolicy.Raw => text,
        RawPolicy.UrlEncode => UrlEncode(text),
        RawPolicy.Strip => Strip(text),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "There is no such policy."),
    };

    private static string UrlEncode(string text)
    {
        try
        {
            _ = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return text; // a lone surrogate has no UTF-8: left for PayExchangeRules to refuse, where Uri would write a replacement character
        }

        return Uri.EscapeDataString(text);
    }

    private static string Strip(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            // Exactly what JSON would escape: DEL and the C1 controls need no escape and stay.
            if (character is not ('\\' or '"' or < ' '))
            {
                kept.Append(character);
            }
        }

        return kept.ToString();
    }
}
