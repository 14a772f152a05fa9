using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>Finds in the table what is due and hands it to the engine: what a crash, a full relay or an engine without memory left behind.</summary>
internal sealed class UploadSweep(IUploadEngine engine, IUploadWork work, TimeProvider time, ILogger<UploadSweep> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 2 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>One look.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await work.DueAsync(cancellationToken))
        {
            await engine.EnqueueAsync(id, time.GetUtcNow(), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(problem, "The sweep could not read what is due; it looks again in {Seconds} s", Interval.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
