using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Module.Retention;

/// <summary>Puts retention on the clock.</summary>
internal sealed class RetentionSchedule(RetentionJob retention, CustomsOptions options) : IScheduledWork
{
    public string Name => "retention";

    public string Cron => options.RetentionCron;

    public Task RunAsync(CancellationToken cancellationToken) => retention.RunAsync(options.RetentionDryRun, cancellationToken);
}
