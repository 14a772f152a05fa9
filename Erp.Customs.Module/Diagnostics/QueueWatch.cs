using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Looks at the queue now and then, so that its figures are there for whoever collects them.</summary>
internal sealed class QueueWatch(RequestTable requests, CustomsMetrics metrics, TimeProvider time, ILogger<QueueWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                metrics.Waiting(await requests.QueueAsync(stoppingToken));
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug(problem, "The length of the queue could not be read");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
