namespace Erp.Customs.Module.Admin;

/// <summary>What became of many rows that a person pressed one button for: 成功 N 失败 M 跳过 K with the reasons.</summary>
internal static class Batch
{
    /// <summary>Does it to each row. One that fails does not keep the others from their turn.</summary>
    /// <param name="ids">The rows.</param>
    /// <param name="act">Does it to one; <see langword="false"/> when it stands where that cannot be done.</param>
    /// <param name="whyNot">Why it could not be done to a row, <c>中文 | English</c>.</param>
    /// <param name="log">Writes down why one has failed.</param>
    /// <param name="zh">What is done, in Chinese.</param>
    /// <param name="en">The same in English.</param>
    /// <param name="stop">Ends it between two rows.</param>
    /// <returns>Whether all of it was done, and the sentence to tell.</returns>
    public static async Task<(bool Good, string Sentence)> RunAsync(
        IEnumerable<long> ids, Func<long, Task<bool>> act, Func<long, Task<string>> whyNot, Action<Exception, long> log, string zh, string en, CancellationToken stop)
    {
        var (done, failed) = (0, 0);
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            try
            {
                if (await act(id))
                {
                    done++;
                    continue;
                }

                var reason = await whyNot(id);
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
            }
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                failed++;
                log(problem, id);
            }
        }

        return (failed == 0 && done > 0, Summary(zh, en, done, refusals, failed));
    }

    /// <summary>The sentence, <c>中文 | English</c>.</summary>
    /// <param name="zh">What was done, in Chinese.</param>
    /// <param name="en">The same in English.</param>
    /// <param name="done">成功.</param>
    /// <param name="refusals">跳过: the reasons (<c>中文 | English</c>), and how many for each.</param>
    /// <param name="failed">失败: the log says why.</param>
    public static string Summary(string zh, string en, int done, IReadOnlyDictionary<string, int> refusals, int failed)
    {
        var skipped = refusals.Values.Sum();
        return Words.Of(
            $"{zh}结果：成功 {done}　失败 {failed}　跳过 {skipped}{Because(refusals, english: false, "；", "（", "）")}{(failed > 0 ? "；失败的请看系统日志" : "")}",
            $"{en}: {done} done, {failed} failed, {skipped} skipped{Because(refusals, english: true, "; ", " (", ")")}{(failed > 0 ? "; the log says why they failed" : "")}");
    }

    private static string Because(IReadOnlyDictionary<string, int> refusals, bool english, string between, string open, string close) => refusals.Count == 0 ? ""
        : open + string.Join(between, refusals.Select(reason => $"{Words.In(reason.Key, english)} × {reason.Value}")) + close;
}
