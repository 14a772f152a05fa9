using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>What became of many requests that a person had start over, in one sentence.</summary>
internal static class RequeueSummary
{
    /// <summary>Requests that one press of a button queues again. The default value is 1,000; the next press takes the next.</summary>
    public const int Most = 1_000;

    /// <summary>成功 N 失败 M 跳过 K with the reasons, <c>中文 | English</c>.</summary>
    /// <param name="counts">What became of them.</param>
    /// <param name="zh">What was wished, in Chinese.</param>
    /// <param name="en">The same in English.</param>
    public static string Of(RequeueCounts counts, string zh = "重试结果", string en = "Queued again") => Words.Of(
        $"{zh}：成功 {counts.Requeued}　失败 {counts.Failed}　跳过 {counts.Refused}{Because(counts, english: false, "；", "（", "）")}{(counts.Failed > 0 ? "；失败的请看系统日志" : "")}",
        $"{en}: {counts.Requeued} done, {counts.Failed} failed, {counts.Refused} skipped{Because(counts, english: true, "; ", " (", ")")}{(counts.Failed > 0 ? "; the log says why they failed" : "")}");

    private static string Because(RequeueCounts counts, bool english, string between, string open, string close) => counts.Refusals.Count == 0 ? ""
        : open + string.Join(between, counts.Refusals.Select(reason => $"{Words.In(reason.Key, english)} × {reason.Value}")) + close;
}
