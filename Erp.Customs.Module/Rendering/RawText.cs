using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Erp.Customs.Module.Rendering;

/// <summary>Reads a raw message as text. Strict: what its charset does not explain is a problem that is shown, never a replacement character that is signed.</summary>
internal static class RawText
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Decodes a message.</summary>
    /// <param name="bytes">As received. The archive keeps these.</param>
    /// <param name="charset">IANA name, e.g. <c>utf-8</c>, <c>gbk</c>, <c>gb18030</c>.</param>
    /// <param name="text">
    /// The text. A leading byte order mark is left out: it marks the encoding and is no part of the message, and what is signed has none.
    /// </param>
    /// <param name="problem">Why it could not be read; without any of its content.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, string charset, out string text, [NotNullWhen(false)] out RawTextProblem? problem)
    {
        text = "";
        if (Find(charset) is not { } encoding)
        {
            problem = new RawTextProblem(
                "字符集无法识别；可用 utf-8、gbk、gb2312、gb18030、big5、us-ascii、iso-8859-1 等",
                "its charset is not known; utf-8, gbk, gb2312, gb18030, big5, us-ascii, iso-8859-1 and the like are");
            return false;
        }

        try
        {
            text = encoding.GetString(bytes);
        }
        catch (DecoderFallbackException invalid)
        {
            problem = new RawTextProblem(
                $"第 {invalid.Index + 1} 个字节起不是有效的 {encoding.WebName} 编码，共 {bytes.Length} 个字节",
                $"from byte {invalid.Index + 1} of {bytes.Length} on it is not valid {encoding.WebName}");
            return false;
        }

        if (text.StartsWith(ByteOrderMark))
        {
            text = text[1..];
        }

        problem = null;
        return true;
    }

    /// <remarks>UTF-16 and UTF-32 are not among them: no payment company sends them, and read in the wrong byte order they decode to other characters without an error.</remarks>
    private static Encoding? Find(string charset)
    {
        var name = charset.Trim();
        if (name.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            name = "utf-8"; // not a registered name, but a common one
        }

        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding is UnicodeEncoding or UTF32Encoding ? null : encoding;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>Why a raw message cannot be read as text.</summary>
/// <param name="Sentence">In Chinese.</param>
/// <param name="SentenceEn">The same in English.</param>
internal sealed record RawTextProblem(string Sentence, string SentenceEn);
