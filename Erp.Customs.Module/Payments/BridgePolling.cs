using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Module.Payments;

/// <summary>Puts GetOrder's polling on Quartz' clock. Which orders are due, and how long each waits longer than before, stands in the table (<see cref="BridgeSchedule"/>).</summary>
internal sealed class BridgePolling(BridgeSweep sweep) : IScheduledWork
{
    public string Name => "bridge-polling";

    /// <summary>Every second.</summary>
    public string Cron => "* * * * * ?";

    public Task RunAsync(CancellationToken cancellationToken)
    {
        sweep.Wake();
        return Task.CompletedTask;
    }
}
