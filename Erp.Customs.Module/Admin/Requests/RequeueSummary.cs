using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>What became of many requests that a person had start over, in one sentence.</summary>
internal static class RequeueSummary
{
    /// <summary>Requests that one press of a button touches. The default value is 1,000; the next press takes the next.</summary>
    public const int Most = 1_000;

    /// <summary>成功 N 失败 M 跳过 K with the reasons, <c>中文 | English</c>.</summary>
    public static string Of(RequeueCounts counts) => Batch.Summary("重试", "Queued again", counts.Requeued, counts.Refusals, counts.Failed);
}
