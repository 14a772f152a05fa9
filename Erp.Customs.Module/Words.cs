using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module;

/// <summary>A sentence for people in both languages, Chinese first, kept as one text: <c>中文 | English</c>.</summary>
internal static class Words
{
    private const string Between = " | ";

    /// <summary>The language of whoever asks for a page: Chinese unless English was chosen (cookie <c>erp.lang</c>, or <c>?lang=en</c> for one page).</summary>
    public static bool English(HttpContext http) => (http.Request.Query["lang"] is [{ Length: > 0 } asked] ? asked : http.Request.Cookies["erp.lang"]) == "en";

    /// <summary>Joins both.</summary>
    public static string Of(string zh, string en) => zh + Between + en;

    /// <summary>Several sentences as one.</summary>
    public static string All(IReadOnlyCollection<string> sentences) => sentences.Count == 0 ? ""
        : Of(string.Join("；", sentences.Select(sentence => In(sentence, english: false))), string.Join("; ", sentences.Select(sentence => In(sentence, english: true))));

    /// <summary>The half for a screen; the whole where there is only one.</summary>
    public static string In(string sentence, bool english)
    {
        var cut = sentence.IndexOf(Between, StringComparison.Ordinal);
        return cut < 0 ? sentence : english ? sentence[(cut + Between.Length)..] : sentence[..cut];
    }
}
