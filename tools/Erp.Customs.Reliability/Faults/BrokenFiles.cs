using System.Net;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// The n-th call to a file fails, for every n of a whole pass: while a payment is delivered, asked for and uploaded; while the host starts on data that are there; while it starts on new data.
/// </summary>
internal sealed class BrokenFiles : IFault
{
    /// <summary>EIO: the disk does not do it.</summary>
    private const int InputOutputError = 5;

    /// <summary>What failed must work within this time once nothing fails any more.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(60);

    public string Name => "files";

    public string What => "a file call fails (EIO), each time another one of a whole pass: a payment delivered, asked for and uploaded; a start on data that are there; a start on new data";

    /// <summary>Of each pass: more than it has, so that each of its calls fails once.</summary>
    public int LongForm => 5_000;

    public int ShortForm => 5;

    public string? Absent => CLibrary.Absent;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var files = await FailingFiles.BuildAsync(folder, Path.Combine(folder, "data"), InputOutputError);
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 1, [.. files.Environment]);
        var wrong = new List<string>();
        var uploads = await EachAsync("uploads", n => UploadAsync(rehearsal, files, n, wrong));
        await rehearsal.Erp.KillAsync();
        var starts = await EachAsync("starts", n => StartAsync(rehearsal, files, "data", n, wrong));
        var firstStarts = await EachAsync("first starts", n => StartAsync(rehearsal, files, $"data-{n}", n, wrong));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(
            count, judgement.Holds && wrong.Count == 0 && files.Failed > 0,
            $"failed: {uploads}, {starts}, {firstStarts}; not as it must be afterwards {wrong.Count}; {judgement}{string.Concat(wrong.Take(10).Select(one => $"\n  {one}"))}");

        async Task<string> EachAsync(string what, Func<long, Task<long>> pass)
        {
            files.Begin();
            var (calls, before) = (await pass(0), files.Failed);
            var step = Math.Max(1, calls / count);
            for (var n = step; n <= calls; n += step)
            {
                files.Begin(n);
                await pass(n);
                progress($"{n}/{calls} calls of {what}");
            }

            return $"{files.Failed - before} of {calls} calls of {what}";
        }
    }

    /// <summary>Whatever was refused is taken when nothing fails any more, without a restart; whatever was taken is answered.</summary>
    /// <returns>How many calls there were.</returns>
    private static async Task<long> UploadAsync(Rehearsal rehearsal, FailingFiles files, long n, List<string> wrong)
    {
        var sessionId = Caller.NewSessionId();
        var isTaken = await rehearsal.TryDeliverAsync();
        var isAcknowledged = await AskAsync(rehearsal, sessionId);
        await rehearsal.SettleAsync(s_recovery);
        var calls = files.End();
        using var limit = new CancellationTokenSource(s_recovery);
        while (!(isTaken = isTaken || await rehearsal.TryDeliverAsync()) || !(isAcknowledged = isAcknowledged || await AskAsync(rehearsal, sessionId)))
        {
            if (limit.IsCancellationRequested)
            {
                wrong.Add($"upload, call {n}: {(isTaken ? "the request" : "the payment")} is refused though nothing fails any more");
                return calls;
            }

            await Task.Delay(50, CancellationToken.None);
        }

        await rehearsal.SettleAsync(s_recovery);
        return calls;
    }

    /// <summary>The host may not come up, or without the module; the next start must bring both.</summary>
    /// <returns>How many calls there were.</returns>
    private static async Task<long> StartAsync(Rehearsal rehearsal, FailingFiles files, string data, long n, List<string> wrong)
    {
        var isUp = await IsHealthyAsync(rehearsal, data);
        var calls = files.End();
        if (!isUp && !await IsHealthyAsync(rehearsal, data))
        {
            wrong.Add($"start on {data}, call {n}: the module does not run after the next start");
        }

        return calls;
    }

    private static async Task<bool> AskAsync(Rehearsal rehearsal, string sessionId) => (await rehearsal.Customs.Caller.CallPlatDataOpenAsync(
        rehearsal.PlatDataOpen, rehearsal.Orders[^1], sessionId, OpenReqShape.Usual, CancellationToken.None)).IsAcknowledged;

    private static async Task<bool> IsHealthyAsync(Rehearsal rehearsal, string data)
    {
        try
        {
            await using var host = await rehearsal.StartNodeAsync(data);
            using var http = new HttpClient();
            using var health = await http.GetAsync(new Uri(host.Address, "/customs/health"));
            return health.StatusCode == HttpStatusCode.OK;
        }
        catch (InvalidOperationException)
        {
            return false; // it has ended
        }
    }
}
