using System.Collections.Concurrent;
using System.Globalization;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// Everything that goes wrong at a signer, of each kind that a host on this machine can reach, while customs ask: no wrong signature may go out, one wrong PIN is one try, and all is well soon after the
/// fault has ended. Several merchants of each kind go through the faults side by side, each at a key of its own.
/// </summary>
internal sealed class SignerFaults : IFault
{
    /// <summary>Merchants of each kind. 5: what is waited for is mostly time-outs.</summary>
    private const int MerchantsOfKind = 5;

    /// <summary>How long after a fault's end the answer that waited for it may take. 30 seconds.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(30);

    /// <summary>How long one hangs that hangs. 60 seconds.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(60);

    /// <summary>How long anything is waited for. 2 minutes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public string Name => "signers";

    public string What => "at a card's control, at the Shanghai CBT gateway and at a PKCS#11 token: unplugged, wrong PIN, busy, hangs for 60 s, another certNo, garbage, cut half-way, the reply to another id";

    public int LongForm => 50;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var signers = await StartAsync(folder);
        try
        {
            await using var rehearsal = await Rehearsal.StartAsync(
                folder, payments: 0, [.. FrailToken.Absent is null ? [SoftToken.Environment] : Array.Empty<(string, string)>(), .. signers.SelectMany((signer, number) => SettingsOf(signer, EbpCodeOf(number)))]);
            foreach (var (signer, number) in signers.Select((signer, number) => (signer, number)))
            {
                rehearsal.Customs.Register.RegisterPem(signer.Card.CertNo, EbpCodeOf(number), signer.Card.CertificatePem);
            }

            // Those that take long come first, so that the merchants of a kind are done at about the same time.
            var left = signers.GroupBy(signer => signer.Kind, StringComparer.Ordinal).ToDictionary(
                kind => kind.Key, kind => new ConcurrentQueue<SignerFault>(kind.First().Faults.SelectMany(fault => Enumerable.Repeat(fault, count))), StringComparer.Ordinal);
            var total = left.Values.Sum(faults => faults.Count);
            var findings = new ConcurrentBag<(FrailSigner Signer, SignerFault Fault, TimeSpan Took, string? Wrong)>();
            await Task.WhenAll(signers.Select(signer => RunAsync(rehearsal, signer, left[signer.Kind], finding =>
            {
                findings.Add(finding);
                progress($"{findings.Count}/{total} faults at {left.Count} kinds of signers");
            })));
            await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
            return Judge(count, await Judgement.OfAsync(rehearsal), [.. findings], signers.Sum(signer => signer.WrongPins));
        }
        finally
        {
            foreach (var signer in signers)
            {
                await signer.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<FrailSigner>> StartAsync(string folder)
    {
        var issuer = new CardIssuer(TimeProvider.System);
        var library = FrailToken.Absent is null ? await FrailToken.BuildAsync(folder) : null;
        var signers = new List<FrailSigner>();
        for (var number = 1; number <= MerchantsOfKind; number++)
        {
            signers.Add(await FrailControl.StartAsync($"control-{number}", issuer));
            signers.Add(await FrailGateway.StartAsync($"gateway-{number}", issuer, folder));
            signers.AddRange(library is null ? [] : [FrailToken.Create($"token-{number}", issuer, library)]);
        }

        return signers;
    }

    private static string EbpCodeOf(int number) => string.Create(CultureInfo.InvariantCulture, $"33026{number:d5}");

    private static IEnumerable<(string, string)> SettingsOf(FrailSigner signer, string ebpCode)
    {
        var merchant = $"Customs:Merchants:{signer.Merchant}:";
        return [(merchant + "EbpCode", ebpCode), (merchant + "Signing:Kind", signer.Kind), .. signer.Settings.Select(setting => ($"{merchant}Signing:{setting.Name}", setting.Value))];
    }

    private static async Task RunAsync(Rehearsal rehearsal, FrailSigner signer, ConcurrentQueue<SignerFault> left, Action<(FrailSigner, SignerFault, TimeSpan, string?)> found)
    {
        var orders = await rehearsal.DeliverAsync(signer.Merchant, payments: 5);
        // A device whose PIN was never right is closed by a reply that is lost: that is for a person, and not what is looked at here.
        await AcceptedAsync(rehearsal, await AskAsync(rehearsal, orders.Take(1)));
        while (left.TryDequeue(out var fault))
        {
            var (took, wrong) = await MeetAsync(rehearsal, signer, fault, orders);
            found((signer, fault, took, wrong));
        }
    }

    /// <returns>How long all took once the fault had ended, and what was not as it must be.</returns>
    private static async Task<(TimeSpan Took, string? Wrong)> MeetAsync(Rehearsal rehearsal, FrailSigner signer, SignerFault fault, IReadOnlyList<string> orders)
    {
        var wrongPins = signer.WrongPins;
        signer.Break(fault);
        var sessions = await AskAsync(rehearsal, orders.Take(fault == SignerFault.WrongPin ? 3 : 1));
        if (fault == SignerFault.Hangs)
        {
            await Task.Delay(s_hang);
        }
        else
        {
            await UntilAsync(rehearsal, sessions, async () => await rehearsal.AreAsync(signer.SignsWrongly(fault) ? "needs_person" : "waiting_signer", sessions) && (fault != SignerFault.WrongPin || signer.WrongPins > wrongPins));
        }

        if (fault == SignerFault.WrongPin)
        {
            // Whoever comes now must not try it either.
            sessions = [.. sessions, .. await AskAsync(rehearsal, orders.Skip(3))];
            await UntilAsync(rehearsal, sessions, () => rehearsal.AreAsync("waiting_signer", sessions));
        }

        var tried = signer.WrongPins - wrongPins;
        signer.Mend();
        if (fault == SignerFault.WrongPin)
        {
            await rehearsal.PostAsync($"/customs/api/merchants/{signer.Merchant}/reopen-uploads");
        }

        var sent = signer.SignsWrongly(fault) && sessions.Any(session => rehearsal.Customs.Log.FindSession(session) is { Uploads.Count: > 0 });
        // What was signed wrongly is a person's; the next one is answered.
        var took = await AcceptedAsync(rehearsal, signer.SignsWrongly(fault) ? await AskAsync(rehearsal, orders.Take(1)) : sessions);
        return (took, tried != (fault == SignerFault.WrongPin ? 1 : 0) ? $"{tried} wrong PINs tried" : sent ? "a wrong signature was sent" : took > s_recovery ? "well too late" : null);
    }

    private static async Task<IReadOnlyList<string>> AskAsync(Rehearsal rehearsal, IEnumerable<string> orders)
    {
        var sessions = new List<string>();
        foreach (var order in orders)
        {
            sessions.Add(Caller.NewSessionId());
            await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, order, sessions[^1], OpenReqShape.Usual, CancellationToken.None);
        }

        return sessions;
    }

    private static async Task<TimeSpan> AcceptedAsync(Rehearsal rehearsal, IReadOnlyList<string> sessions)
    {
        var began = TimeProvider.System.GetTimestamp();
        await UntilAsync(rehearsal, sessions, () => Task.FromResult(sessions.All(session => rehearsal.Customs.Log.FindSession(session) is { AcceptedCount: > 0 })));
        return TimeProvider.System.GetElapsedTime(began);
    }

    private static async Task UntilAsync(Rehearsal rehearsal, IReadOnlyList<string> sessions, Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > s_patience)
            {
                var requests = await rehearsal.RequestsAsync();
                throw new InvalidOperationException($"Not within {s_patience.TotalSeconds} s: {string.Join(", ", sessions.Select(session => $"{session} is {requests[session].State}: {requests[session].Reason}"))}");
            }

            await Task.Delay(100);
        }
    }

    private static Finding Judge(int count, Judgement judgement, IReadOnlyList<(FrailSigner Signer, SignerFault Fault, TimeSpan Took, string? Wrong)> findings, int wrongPins)
    {
        var wrong = findings.Where(finding => finding.Wrong is not null).Select(finding => $"\n  {finding.Fault} at {finding.Signer.Merchant}: {finding.Wrong} ({finding.Took.TotalSeconds:0.0} s)").ToList();
        var refused = findings.Count(finding => finding.Signer.SignsWrongly(finding.Fault));
        var wrongPinFaults = findings.Count(finding => finding.Fault == SignerFault.WrongPin);
        var longest = findings.GroupBy(finding => finding.Fault).Select(fault =>
            $"{fault.Key} " + string.Join(", ", fault.GroupBy(finding => finding.Signer.Kind, StringComparer.Ordinal).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Max(one => one.Took).TotalSeconds:0.0} s"))));
        return new(
            count, judgement.Holds && judgement.ForPerson == refused && wrong.Count == 0 && wrongPins == wrongPinFaults,
            $"{findings.Count:N0} faults; {judgement}; signatures that did not verify {refused}, shown to a person and never sent; wrong PINs tried {wrongPins} of {wrongPinFaults} times that there was one"
            + (FrailToken.Absent is { } absent ? $"; no PKCS#11: {absent}" : "")
            + $"\nlongest until all was answered after the fault's end: {string.Join("; ", longest)}{string.Concat(wrong.Take(10))}");
    }
}
