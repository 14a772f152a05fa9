namespace Erp.Customs.Module;

/// <summary>A sentence for people in both languages, Chinese first, kept as one text: <c>中文 | English</c>.</summary>
internal static class Words
{
    private const string Between = " | ";

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
