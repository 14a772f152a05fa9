using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>Customs ask for orders at a steady rate, whether anybody answers or not, each time in a new session.</summary>
internal sealed class AskingCustoms : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _asking;

    /// <summary>Begins.</summary>
    /// <param name="rehearsal">Whom to ask for what.</param>
    /// <param name="perSecond">How often.</param>
    public AskingCustoms(Rehearsal rehearsal, int perSecond) => _asking = AskAsync(rehearsal, TimeSpan.FromSeconds(1.0 / perSecond), _stop.Token);

    /// <summary>Ends, and waits for the last answers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
    }

    private static async Task AskAsync(Rehearsal rehearsal, TimeSpan pause, CancellationToken stop)
    {
        var calls = new List<Task>();
        using var clock = new PeriodicTimer(pause);
        for (var number = 0; await Tick(clock, stop); number++)
        {
            calls.Add(CallAsync(rehearsal, rehearsal.Orders[number % rehearsal.Orders.Count]));
        }

        await Task.WhenAll(calls);
    }

    private static async Task<bool> Tick(PeriodicTimer clock, CancellationToken stop)
    {
        try
        {
            return await clock.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Nobody there is an answer too; customs' log has it.</summary>
    private static async Task CallAsync(Rehearsal rehearsal, string orderNo)
    {
        try
        {
            await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, orderNo, Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None);
        }
        catch (Exception nobody) when (nobody is HttpRequestException or OperationCanceledException)
        {
            // Written into customs' log by the caller.
        }
    }
}
