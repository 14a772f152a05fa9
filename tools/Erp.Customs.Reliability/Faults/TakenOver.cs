using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// Two ERPs on one PostgreSQL: the one is frozen in the middle of uploads, its leases end, the other takes over, and the one goes on as if nothing had been. The leases are ended by
/// hand in the table, which is what three minutes of waiting would do.
/// </summary>
internal sealed class TakenOver : IFault
{
    public string Name => "leases";

    public string What => "one of two hosts stopped (SIGSTOP) in the middle of uploads, past its leases, while the other takes over; then continued";

    public int LongForm => 200;

    public int ShortForm => 1;

    public string? Absent => PrivatePostgres.Absent;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var server = await PrivatePostgres.NewDatabaseAsync();
        try
        {
            await using var rehearsal = await Rehearsal.StartAsync(
                folder, payments: 50, ("Customs:Database:Engine", "postgresql"), ("Customs:Database:ConnectionString", server), ("Customs:Upload:Timeout", "20"));
            await using var other = await rehearsal.StartNodeAsync("second");
            var takenOver = 0;
            for (var stop = 1; stop <= count; stop++)
            {
                rehearsal.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromMilliseconds(700)) with { Times = 5 });
                await Task.WhenAll(Enumerable.Range(0, 5).Select(number => rehearsal.Customs.Caller.CallPlatDataOpenAsync(
                    rehearsal.PlatDataOpen, rehearsal.Orders[(stop + number) % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None)));
                await rehearsal.LeasedAsync();
                await rehearsal.Erp.SignalAsync("STOP");
                takenOver += await rehearsal.EndLeasesAsync();
                // Longer than the other's sweep.
                await Task.Delay(3_500);
                await rehearsal.Erp.SignalAsync("CONT");
                progress($"{stop}/{count} stops, {takenOver} leases ended");
            }

            await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
            var judgement = await Judgement.OfAsync(rehearsal);
            return new(count, judgement.Holds && takenOver > 0, $"{takenOver} uploads taken over; {judgement}");
        }
        finally
        {
            await PrivatePostgres.DropDatabaseAsync(server);
        }
    }
}
