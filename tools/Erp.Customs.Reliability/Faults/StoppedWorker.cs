using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>The whole ERP is frozen (SIGSTOP) while uploads are on their way, longer than customs wait, and goes on.</summary>
internal sealed class StoppedWorker : IFault
{
    public string Name => "stops";

    public string What => "the host stopped (SIGSTOP) in the middle of uploads, past the upload's time-out, then continued";

    public int LongForm => 200;

    public int ShortForm => 2;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 50, ("Customs:Upload:Timeout", "2"));
        for (var stop = 1; stop <= count; stop++)
        {
            rehearsal.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromMilliseconds(700)) with { Times = 5 });
            await Task.WhenAll(Enumerable.Range(0, 5).Select(number => rehearsal.Customs.Caller.CallPlatDataOpenAsync(
                rehearsal.PlatDataOpen, rehearsal.Orders[(stop + number) % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None)));
            await Task.Delay(150);
            await rehearsal.Erp.SignalAsync("STOP");
            await Task.Delay(3_000);
            await rehearsal.Erp.SignalAsync("CONT");
            progress($"{stop}/{count} stops");
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(5));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(count, judgement.Holds && judgement.Accepted > 0, judgement.ToString());
    }
}
