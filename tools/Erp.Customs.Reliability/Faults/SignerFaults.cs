using System.Globalization;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>Everything that goes wrong at a signer, at two kinds at once, while customs ask: no wrong signature may go out, one wrong PIN is one try, and all is well soon after the fault has ended.</summary>
internal sealed class SignerFaults : IFault
{
    private const string Pin = "88888888";
    private const string OtherPin = "13572468";
    private const string Token = "rehearsal-token";

    /// <summary>How long after a fault's end the answer that waited for it may take. 30 seconds.</summary>
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(30);

    private static readonly (string Name, EportMood Control, CbtMood Gateway)[] s_faults =
    [
        ("unplugged", EportMood.Unplugged, CbtMood.SystemError), ("wrong PIN", EportMood.Well, CbtMood.Well), ("busy", EportMood.Busy, CbtMood.Busy), ("hangs", EportMood.Hanging, CbtMood.Hanging),
        ("other certNo", EportMood.OtherCertNo, CbtMood.OtherCertNo), ("garbage", EportMood.Garbage, CbtMood.Garbage), ("cut", EportMood.Cut, CbtMood.Cut), ("other id", EportMood.OtherId, CbtMood.OtherSerial),
    ];

    public string Name => "signers";

    public string What => "at a card's control and at the Shanghai CBT gateway: unplugged, wrong PIN, busy, hangs, another certNo, garbage, cut half-way, the reply to another id";

    public int LongForm => 50;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var issuer = new CardIssuer(TimeProvider.System);
        await using var control = await EportControl.StartAsync(issuer.Issue(CardKind.Sm2, "ningbo"), Pin);
        await using var gateway = await CbtGateway.StartAsync(issuer.Issue(CardKind.Rsa1024, "guangzhou"), Token);
        var certificate = Path.Combine(folder, "cbt.cer");
        gateway.Card.WriteCertificate(certificate);
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 20,
            ("Customs:Merchants:ningbo:Signing:Kind", "EportClient"), ("Customs:Merchants:ningbo:Signing:Address", control.Address.ToString()), ("Customs:Merchants:ningbo:Signing:Pin", Pin),
            ("Customs:Merchants:guangzhou:Signing:Kind", "CbtGateway"), ("Customs:Merchants:guangzhou:Signing:Address", gateway.Address.ToString()),
            ("Customs:Merchants:guangzhou:Signing:CertificateFile", certificate), ("Customs:Merchants:guangzhou:Signing:CusName", "广州海淘"), ("Customs:Merchants:guangzhou:Signing:CusCode", "4404840022"),
            ("Customs:Merchants:guangzhou:Signing:Token", Token));
        rehearsal.Customs.Register.RegisterPem(control.Card.CertNo, "3302660075", control.Card.CertificatePem);
        rehearsal.Customs.Register.RegisterPem(gateway.Card.CertNo, "4404840022", gateway.Card.CertificatePem);

        var slowest = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        for (var round = 1; round <= count; round++)
        {
            foreach (var (name, atControl, atGateway) in s_faults)
            {
                var wrongPin = name == "wrong PIN";
                (control.Mood, gateway.Mood, control.Pin) = (atControl, atGateway, wrongPin ? OtherPin : Pin);
                var sessions = await AskAsync(rehearsal, orders: wrongPin ? 6 : 2);
                await MetAsync(rehearsal, sessions, hangs: name == "hangs", ofControlAlone: wrongPin);
                (control.Mood, gateway.Mood, control.Pin) = (EportMood.Well, CbtMood.Well, Pin);
                if (wrongPin)
                {
                    await rehearsal.PostAsync("/customs/api/merchants/ningbo/reopen-uploads");
                }

                var took = await AcceptedAsync(rehearsal, sessions);
                slowest[name] = slowest.TryGetValue(name, out var before) && before > took ? before : took;
            }

            progress($"{round}/{count} rounds of {s_faults.Length} faults");
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
        var judgement = await Judgement.OfAsync(rehearsal);
        var wrongPins = control.Calls.Count(call => !call.PinWasRight);
        var holds = judgement.Holds && judgement.Accepted == judgement.Acknowledged && wrongPins == count && slowest.Values.All(took => took <= s_recovery);
        return new(
            count, holds,
            $"{s_faults.Length} faults each time; {judgement}; wrong PINs tried {wrongPins} of {count} times that there was one\nlongest until all was answered after the fault's end: "
            + string.Join(", ", slowest.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value.TotalSeconds:0.0} s"))));
    }

    /// <summary>Neighbours in the list are of the two merchants in turns, the first of them of guangzhou.</summary>
    private static async Task<IReadOnlyList<string>> AskAsync(Rehearsal rehearsal, int orders)
    {
        var sessions = new List<string>();
        for (var order = 0; order < orders; order++)
        {
            sessions.Add(Caller.NewSessionId());
            await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, rehearsal.Orders[order], sessions[^1], OpenReqShape.Usual, CancellationToken.None);
        }

        return sessions;
    }

    /// <summary>Until those that the fault concerns wait for their signer; one that hangs is not waited for here.</summary>
    private static async Task MetAsync(Rehearsal rehearsal, IReadOnlyList<string> sessions, bool hangs, bool ofControlAlone)
    {
        if (hangs)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var concerned = sessions.Where((_, number) => !ofControlAlone || number % 2 == 1).ToList();
        while (true)
        {
            var requests = await rehearsal.RequestsAsync();
            if (concerned.TrueForAll(session => requests[session].State == "waiting_signer"))
            {
                return;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<TimeSpan> AcceptedAsync(Rehearsal rehearsal, IReadOnlyList<string> sessions)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var requests = await rehearsal.RequestsAsync();
            if (sessions.All(session => requests[session].State == "accepted"))
            {
                return TimeProvider.System.GetElapsedTime(began);
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
