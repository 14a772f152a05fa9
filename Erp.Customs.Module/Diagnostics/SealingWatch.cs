using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Looks now and then how long records have waited for their seal: a figure for whoever collects them, and an alert where it is too long, whatever keeps the sealing from its work.</summary>
internal sealed class SealingWatch(Sealer sealer, AlertOutbox alerts, CustomsMetrics metrics, CustomsOptions options, TimeProvider time, ILogger<SealingWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private bool _isLate;

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var oldest = await sealer.OldestAsync(cancellationToken);
        metrics.Unsealed(oldest);
        var wasLate = _isLate;
        _isLate = oldest > options.Archive.SealWithin;
        if (_isLate && !wasLate)
        {
            var waits = Words.Of(
                $"最久的记录已等待 {(long)oldest.TotalSeconds} 秒（上限 {(long)options.Archive.SealWithin.TotalSeconds} 秒）；未存证的记录被改动时不能发现",
                $"The oldest has waited for {(long)oldest.TotalSeconds} s (limit {(long)options.Archive.SealWithin.TotalSeconds} s); what is not sealed can be changed without its showing");
            await alerts.RaiseAsync(new Alert(
                AlertKind.ArchiveUnsealed, "", NoticeLevel.Alarm, Words.Of("存证滞后", "Records wait too long for their seal"), Words.All([.. new[] { waits, sealer.Unreadable }.OfType<string>()])));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug(problem, "How long records wait for their seal could not be read");
            }
        }
    }
}
