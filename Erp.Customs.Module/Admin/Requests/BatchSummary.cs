namespace Erp.Customs.Module.Admin.Requests;

/// <summary>What became of many rows that a person pressed one button for: 成功 N 失败 M 跳过 K with the reasons.</summary>
internal static class BatchSummary
{
    /// <summary>The sentence, <c>中文 | English</c>.</summary>
    /// <param name="zh">What was done, in Chinese.</param>
    /// <param name="en">The same in English.</param>
    /// <param name="done">成功.</param>
    /// <param name="refusals">跳过: the reasons (<c>中文 | English</c>), and how many for each.</param>
    /// <param name="failed">失败: the log says why.</param>
    public static string Of(string zh, string en, int done, IReadOnlyDictionary<string, int> refusals, int failed)
    {
        var skipped = refusals.Values.Sum();
        return Words.Of(
            $"{zh}结果：成功 {done}　失败 {failed}　跳过 {skipped}{Because(refusals, english: false, "；", "（", "）")}{(failed > 0 ? "；失败的请看系统日志" : "")}",
            $"{en}: {done} done, {failed} failed, {skipped} skipped{Because(refusals, english: true, "; ", " (", ")")}{(failed > 0 ? "; the log says why they failed" : "")}");
    }

    private static string Because(IReadOnlyDictionary<string, int> refusals, bool english, string between, string open, string close) => refusals.Count == 0 ? ""
        : open + string.Join(between, refusals.Select(reason => $"{Words.In(reason.Key, english)} × {reason.Value}")) + close;
}
