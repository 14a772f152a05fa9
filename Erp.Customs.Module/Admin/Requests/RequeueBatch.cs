using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>Has several requests start over, each through the one door; what becomes of one does not touch the others.</summary>
internal sealed class RequeueBatch(IUploadRequeue requeue, ILogger<RequeueBatch> logger)
{
    /// <summary>Requests that one press of a button queues again. The default value is 1,000; the next press takes the next.</summary>
    public const int Most = 1_000;

    /// <summary>Queues them again, one after the other.</summary>
    /// <param name="ids">Which.</param>
    /// <param name="who">The name under which the act is recorded.</param>
    /// <param name="reason">For the record, <c>中文 | English</c>.</param>
    /// <param name="cancellationToken">Ends it between two of them.</param>
    public async Task<BatchResult> RunAsync(IEnumerable<long> ids, string who, string reason, CancellationToken cancellationToken)
    {
        var (done, failed) = (0, 0);
        var skipped = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var answer = await requeue.RequeueAsync(id, who, reason);
                if (answer.Requeued)
                {
                    done++;
                }
                else
                {
                    skipped[answer.Sentence] = skipped.GetValueOrDefault(answer.Sentence) + 1;
                }
            }
            catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
            {
                failed++;
                logger.LogError(problem, "Request {RequestId} could not be queued again", id);
            }
        }

        logger.LogInformation("Requests were queued again together: {Done} done, {Failed} failed, {Skipped} skipped", done, failed, skipped.Values.Sum());
        return new(done, failed, skipped);
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Done">Queued again.</param>
/// <param name="Failed">Could not be; the log says why.</param>
/// <param name="Reasons">Why others were skipped (<c>中文 | English</c>), and how many for each reason.</param>
internal sealed record BatchResult(int Done, int Failed, IReadOnlyDictionary<string, int> Reasons)
{
    /// <summary>Not queued again, for a reason.</summary>
    public int Skipped => Reasons.Values.Sum();

    /// <summary>成功 N 失败 M 跳过 K with the reasons, <c>中文 | English</c>.</summary>
    public string Sentence => Words.Of(
        $"重试结果：成功 {Done}　失败 {Failed}　跳过 {Skipped}{Because(english: false, "；", "（", "）")}{(Failed > 0 ? "；失败的请看系统日志" : "")}",
        $"Queued again: {Done} done, {Failed} failed, {Skipped} skipped{Because(english: true, "; ", " (", ")")}{(Failed > 0 ? "; the log says why they failed" : "")}");

    private string Because(bool english, string between, string open, string close) => Reasons.Count == 0 ? ""
        : open + string.Join(between, Reasons.Select(reason => $"{Words.In(reason.Key, english)} × {reason.Value}")) + close;
}
