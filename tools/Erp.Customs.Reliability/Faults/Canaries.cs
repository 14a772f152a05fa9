using System.Globalization;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>Everything that the host prints while customs answer wrongly, orders are unknown and the host is killed, at trace level: no person and no secret may stand in it.</summary>
internal sealed class Canaries : IFault
{
    public string Name => "canaries";

    public string What => "personal data and secrets through wrong answers, unknown orders and kills, at trace level: looked for in all that the host prints and in every text of its tables that people are shown or sent";

    public int LongForm => 30;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        using var customs = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var impostor = new Impostor(customs);
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 20,
            ("Customs:Upload:Url", impostor.Address.ToString()), ("Customs:Upload:TestUrl", impostor.Address.ToString()), ("Customs:Upload:Timeout", "1"), ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"));
        customs.BaseAddress = rehearsal.Customs.UploadAddress;
        for (var round = 1; round <= count; round++)
        {
            foreach (var (index, mood) in Impostor.Moods.Keys.Index())
            {
                impostor.Mood = mood;
                await Task.WhenAll(new[] { rehearsal.Orders[index % rehearsal.Orders.Count], "UNKNOWN" + index.ToString(CultureInfo.InvariantCulture) }.Select(order =>
                    rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, order, Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None)));
                await Task.Delay(100);
            }

            impostor.Mood = null;
            await rehearsal.KillAndStartAsync();
            await rehearsal.DeliverAsync(5);
            progress($"{round}/{count} rounds, {rehearsal.LinesHeard:N0} lines");
        }

        await rehearsal.SettleAsync(TimeSpan.FromSeconds(20));
        var leaks = rehearsal.Leaks.Concat(await rehearsal.LeaksInTablesAsync()).ToList();
        return new(
            count, leaks.Count == 0 && rehearsal.LinesHeard > 1_000,
            $"{rehearsal.LinesHeard:N0} lines of log, {rehearsal.Customs.Log.Sessions.Count:N0} sessions; hits {leaks.Count}{string.Concat(leaks.Take(10).Select(leak => "\n  " + leak))}");
    }
}
