using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Retention;

/// <summary>Puts retention on the clock, and tells people, once, when the clock is in doubt and nothing is erased by it.</summary>
internal sealed class RetentionSchedule(RetentionJob retention, AlertOutbox alerts, CustomsOptions options) : IScheduledWork
{
    public string Name => "retention";

    public string Cron => options.RetentionCron;

    public TimeZoneInfo Zone => options.RetentionZone;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await retention.RunAsync(options.RetentionDryRun, cancellationToken) is { Doubt: { Length: > 0 } doubt })
        {
            await alerts.RaiseOnceAsync(new Alert(AlertKind.RetentionClock, "", NoticeLevel.Warning, Words.Of("到期清理已暂停：时钟存疑", "Retention erases nothing: the clock is in doubt"), doubt));
        }
    }
}
