using System.Net;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// kill -9 of the host at the moments that decide. Those of the way to customs are seen from outside, on the sockets; those inside are the begins and ends of the module's own
/// traces, at which the host is killed from inside (<see cref="KillAtSpan"/>).
/// </summary>
internal sealed class Seams : IFault
{
    private static readonly UploadSeam[] s_uploads =
    [
        // How far the upload is by then is chance: customs may have it already.
        new("committed, not acknowledged", ["accepted", "session_used"]) { Span = "customs.acknowledge", Ended = true },
        new("acknowledged", ["accepted", "session_used"]),
        new("rendered", ["accepted"]) { Span = "customs.render", Ended = true },
        new("signed, the envelope not saved", ["accepted"]) { Span = "customs.sign", Ended = true },
        new("envelope saved, nothing sent", ["accepted"]) { Span = "customs.upload" },
        new("bytes sent, customs have nothing", ["accepted"]) { At = Seam.Arrived },
        // Customs have it and the module cannot know: the second upload tells, and a person sees it.
        new("accepted, the answer not sent", ["session_used"]) { At = Seam.Judged },
        new("answer read, not saved", ["session_used"]) { Span = "customs.upload", Ended = true },
        new("answer sent, perhaps not saved", ["accepted", "session_used"]) { At = Seam.Answered },
    ];

    public string Name => "seams";

    public string What => $"kill -9 at each of {s_uploads.Length} seams of an upload, in a migration, in an erasure and in sealing, and where everything then ends";

    public int LongForm => 50;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        using var customs = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var impostor = new Impostor(customs);
        var killer = new KillAtSpan(Path.Combine(folder, "kill-at"));
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 50,
            [("Customs:Upload:Url", impostor.Address.ToString()), ("Customs:Upload:TestUrl", impostor.Address.ToString()), ("Customs:Retention:Cron", "* * * * * ?"), ("Customs:Archive:SealingCron", "* * * * * ?"), .. killer.Environment]);
        customs.BaseAddress = rehearsal.Customs.UploadAddress;
        var wrong = new List<string>();
        var expected = new List<(string SessionId, UploadSeam Seam)>();
        for (var round = 1; round <= count; round++)
        {
            foreach (var seam in s_uploads)
            {
                var sessionId = Caller.NewSessionId();
                expected.Add((sessionId, seam));
                await KillAtAsync(rehearsal, impostor, killer, sessionId, rehearsal.Orders[expected.Count % rehearsal.Orders.Count], seam);
            }

            await KillInMigrationAsync(rehearsal, killer, round, wrong);
            await KillInErasureAsync(rehearsal, killer);
            await KillInSealingAsync(rehearsal, killer);
            progress($"{round}/{count} rounds");
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(5));
        var table = await rehearsal.RequestsAsync();
        wrong.AddRange(expected.Where(one => !one.Seam.Ends.Contains(table.GetValueOrDefault(one.SessionId).State)).Select(one => $"{one.Seam.Name}: {table.GetValueOrDefault(one.SessionId).State ?? "no row"}"));
        await ErasedAsync(rehearsal, wrong);
        await SealedAsync(rehearsal, wrong);
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(
            count, judgement.Holds && wrong.Count == 0,
            $"{s_uploads.Length + 3} seams each time; ended otherwise than the tables in docs/state-machine.md and docs/evidence.md have it: {wrong.Count}; {judgement}{string.Concat(wrong.Take(10).Select(one => "\n  " + one))}");
    }

    private static async Task KillAtAsync(Rehearsal rehearsal, Impostor impostor, KillAtSpan killer, string sessionId, string order, UploadSeam seam)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        impostor.At = async (at, session) =>
        {
            if (at != seam.At || session != sessionId)
            {
                return true;
            }

            // The upload may be quicker than the way back of the acknowledgement.
            await asked.Task;
            await rehearsal.Erp.KillAsync();
            return false;
        };
        if (seam.Span is { } span)
        {
            killer.Ask(span, seam.Ended, sessionId);
        }

        var isAcknowledged = await AskAsync(rehearsal, order, sessionId);
        asked.SetResult();
        if (seam is { Span: null, At: null })
        {
            await rehearsal.Erp.KillAsync();
        }

        await rehearsal.Erp.EndedAsync(TimeSpan.FromSeconds(60));
        impostor.At = (_, _) => Task.FromResult(true);
        await rehearsal.KillAndStartAsync();

        // As customs do when nobody answered; what is there already is acknowledged and not done twice.
        if (!isAcknowledged && !await AskAsync(rehearsal, order, sessionId))
        {
            throw new InvalidOperationException($"Session {sessionId} was not acknowledged after the kill at '{seam.Name}'.");
        }

        // The next kill is the next session's: it must not meet this one half-way.
        await rehearsal.SettleAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task<bool> AskAsync(Rehearsal rehearsal, string order, string sessionId)
    {
        try
        {
            return (await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, order, sessionId, OpenReqShape.Usual, CancellationToken.None)).IsAcknowledged;
        }
        catch (HttpRequestException)
        {
            return false; // killed before it could answer
        }
    }

    /// <summary>A new database each time, killed at another of its files each time, started again: all files must be applied, and the module must run.</summary>
    private static async Task KillInMigrationAsync(Rehearsal rehearsal, KillAtSpan killer, int round, List<string> wrong)
    {
        var data = $"migrating-{round}";
        var files = Directory.GetFiles(Path.Combine(HostProgram.Folder, "modules", "Erp.Customs", "migrations", "sqlite"), "*.sql").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).ToList();
        killer.Ask("customs.migrate", ended: true, files[round % files.Count]);
        await rehearsal.StartToDieAsync(data);
        await using var again = await rehearsal.StartNodeAsync(data);
        using var http = new HttpClient();
        using var health = await http.GetAsync(new Uri(again.Address, "/customs/health"));
        if (health.StatusCode != HttpStatusCode.OK)
        {
            wrong.Add($"in migration {files[round % files.Count]}: the module does not run afterwards");
        }
    }

    private static async Task KillInErasureAsync(Rehearsal rehearsal, KillAtSpan killer)
    {
        killer.Ask("customs.erase", ended: true);
        await rehearsal.DeliverOldAsync(20);
        await rehearsal.Erp.EndedAsync(TimeSpan.FromSeconds(60));
        await rehearsal.KillAndStartAsync();
    }

    /// <summary>Seals are written and not committed.</summary>
    private static async Task KillInSealingAsync(Rehearsal rehearsal, KillAtSpan killer)
    {
        killer.Ask("customs.seal", ended: true);
        await rehearsal.DeliverOldAsync(20);
        await rehearsal.Erp.EndedAsync(TimeSpan.FromSeconds(60));
        await rehearsal.KillAndStartAsync();
    }

    /// <summary>Everything has its seal in the end, and the chain is whole.</summary>
    private static async Task SealedAsync(Rehearsal rehearsal, List<string> wrong)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await rehearsal.UnsealedAsync() > 0 && !limit.IsCancellationRequested)
        {
            await Task.Delay(100, CancellationToken.None);
        }

        var verification = await rehearsal.VerifyAsync();
        if (await rehearsal.UnsealedAsync() is var left && (left > 0 || !verification.IsClean))
        {
            wrong.Add($"in sealing: {left} records without a seal are left; {verification.First?.Sentence}");
        }
    }

    /// <summary>All that is past its term goes in the end, and nothing else.</summary>
    private static async Task ErasedAsync(Rehearsal rehearsal, List<string> wrong)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (all, old) = await rehearsal.PaymentsAsync();
        while (old > 0 && !limit.IsCancellationRequested)
        {
            await Task.Delay(100, CancellationToken.None);
            (all, old) = await rehearsal.PaymentsAsync();
        }

        if (old > 0 || all != rehearsal.Orders.Count)
        {
            wrong.Add($"in an erasure: {old} payments past their term are left, and {all - old} of {rehearsal.Orders.Count} inside it");
        }
    }

    /// <summary>A moment of an upload, and the states that a request may end in after a kill at it.</summary>
    private sealed record UploadSeam(string Name, string[] Ends)
    {
        /// <summary>At this span of the module's traces.</summary>
        public string? Span { get; init; }

        /// <summary>At its end.</summary>
        public bool Ended { get; init; }

        /// <summary>On the way to customs.</summary>
        public Seam? At { get; init; }
    }
}
