using System.Globalization;
using System.Security.Cryptography;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// Two sign agents, each with a control and a card, behind one cable; customs ask, and in each round something else breaks. Every text must be signed and reach customs once, none may be left behind, and no
/// wrong PIN may have come from it.
/// </summary>
internal sealed class Agents : IFault
{
    private const string Pin = "CANARY-86427531";
    private const string Merchant = "Customs:Merchants:ningbo:Signing:";

    /// <summary>Customs' code of the rehearsal's merchant ningbo.</summary>
    private const string EbpCode = "3302660075";

    private static readonly string[] s_kinds = ["cable cut", "module killed", "agent killed", "both agents race", "lease ends while the card signs"];

    /// <summary>Longer than an agent may keep a text.</summary>
    private static readonly TimeSpan s_slowCard = TimeSpan.FromSeconds(11);

    public string Name => "agents";

    public string What => $"two sign agents, in turns: {string.Join(", ", s_kinds)}";

    public int LongForm => 200;

    public int ShortForm => s_kinds.Length;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var card = new CardIssuer(TimeProvider.System).Issue(CardKind.Sm2, "ningbo");
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 40,
            [
                (Merchant + "Kind", "Agent"), (Merchant + "Agents:pc-0", AgentProgram.Sum(TokenOf(0))), (Merchant + "Agents:pc-1", AgentProgram.Sum(TokenOf(1))),
                ("Customs:Circuit:ProbeEvery", "1"),
            ]);
        rehearsal.Customs.Register.RegisterPem(card.CertNo, EbpCode, card.CertificatePem);
        await using var cable = new Cable(rehearsal.Erp.Address);
        await using var first = await EportControl.StartAsync(card, Pin);
        await using var second = await EportControl.StartAsync(card, Pin);
        EportControl[] controls = [first, second];
        var agents = new AgentProgram[controls.Length];
        var wrong = new List<string>();
        var longest = TimeSpan.Zero;
        try
        {
            for (var number = 0; number < controls.Length; number++)
            {
                AgentProgram.Prepare(FolderOf(folder, number), new Uri(cable.Address, "/customs"), TokenOf(number), controls[number], Pin);
                agents[number] = AgentProgram.Start(FolderOf(folder, number));
                await agents[number].PrintedAsync("Connected to the module");
            }

            for (var round = 0; round < count; round++)
            {
                var kind = round % s_kinds.Length;
                var began = TimeProvider.System.GetTimestamp();
                foreach (var control in controls)
                {
                    control.Latency = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(0, 200));
                }

                var asked = await AskAsync(rehearsal, kind == 3 ? 12 : 4);
                await BreakAsync(kind, rehearsal, cable, controls, agents, folder);
                if (!await AnsweredAsync(rehearsal, asked))
                {
                    wrong.Add($"round {round + 1}, {s_kinds[kind]}: not answered within two minutes");
                }

                var took = TimeProvider.System.GetElapsedTime(began);
                longest = took > longest ? took : longest;
                progress(string.Create(CultureInfo.InvariantCulture, $"{round + 1}/{count} rounds, the longest {longest.TotalSeconds:0.0} s"));
            }

            await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
            var left = await rehearsal.SignJobsAsync();
            var wrongPins = controls.Sum(control => control.Calls.Count(call => !call.PinWasRight));
            var signed = controls.Sum(control => control.Calls.Count);
            var judgement = await Judgement.OfAsync(rehearsal);
            return new(
                count, judgement.Holds && judgement.ForPerson == 0 && wrong.Count == 0 && left == 0 && wrongPins == 0,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{signed:N0} texts signed by the cards; left behind {left}, wrong PINs {wrongPins}, a round took {longest.TotalSeconds:0.0} s at most; {judgement}{string.Concat(wrong.Take(10).Select(one => "\n  " + one))}"));
        }
        finally
        {
            foreach (var agent in agents.OfType<AgentProgram>())
            {
                await agent.DisposeAsync();
            }
        }
    }

    private static string TokenOf(int agent) => $"CANARY-token-of-pc-{agent}";

    private static string FolderOf(string folder, int agent) => Path.Combine(folder, $"pc-{agent}");

    private static async Task BreakAsync(int kind, Rehearsal rehearsal, Cable cable, EportControl[] controls, AgentProgram[] agents, string folder)
    {
        await Task.Delay(RandomNumberGenerator.GetInt32(1, 300));
        switch (s_kinds[kind])
        {
            case "cable cut":
                cable.Cut();
                await Task.Delay(RandomNumberGenerator.GetInt32(100, 3_000));
                cable.Mend();
                break;
            case "module killed":
                await rehearsal.KillAndStartAsync();
                cable.LeadTo(rehearsal.Erp.Address);
                break;
            case "agent killed":
                var number = RandomNumberGenerator.GetInt32(0, agents.Length);
                await agents[number].DisposeAsync();
                agents[number] = AgentProgram.Start(FolderOf(folder, number));
                break;
            case "lease ends while the card signs":
                controls[RandomNumberGenerator.GetInt32(0, controls.Length)].Latency = s_slowCard;
                await AskAsync(rehearsal, 4);
                break;
        }
    }

    /// <summary>Half of them of the merchant that signs through agents, half of the other.</summary>
    private static async Task<IReadOnlyList<string>> AskAsync(Rehearsal rehearsal, int count)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => Caller.NewSessionId()).ToList();
        var answers = await Task.WhenAll(sessions.Select((session, at) => rehearsal.Customs.Caller.CallPlatDataOpenAsync(
            rehearsal.PlatDataOpen, rehearsal.Orders[at % rehearsal.Orders.Count], session, OpenReqShape.Usual, CancellationToken.None)));
        return answers.All(answer => answer.IsAcknowledged) ? sessions : throw new InvalidOperationException("A question was not acknowledged.");
    }

    private static async Task<bool> AnsweredAsync(Rehearsal rehearsal, IReadOnlyList<string> sessions)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (sessions.Any(session => rehearsal.Customs.Log.FindSession(session) is not { AcceptedCount: > 0 }))
        {
            if (limit.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(10, CancellationToken.None);
        }

        return true;
    }
}
