using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Module.Completeness;

/// <summary>Puts the reconciliation on the clock.</summary>
internal sealed class CompletenessSchedule(ICompleteness completeness, CustomsOptions options) : IScheduledWork
{
    public string Name => "completeness";

    public string Cron => options.CompletenessCron;

    public Task RunAsync(CancellationToken cancellationToken) => completeness.RunAsync(cancellationToken);
}
