using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>
/// Finds in the table what is due and hands it to the engine, the earliest deadline first: what a crash, a full relay or an engine without memory left behind,
/// and a backlog, as the engine has room for it.
/// </summary>
internal sealed class UploadSweep(IUploadEngine engine, IUploadWork work, UploadRoom room, TimeProvider time, ILogger<UploadSweep> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 2 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>One look.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var due = await work.DueAsync(cancellationToken);
        room.Keep([.. due]);
        foreach (var id in due.TakeWhile(room.TryTake))
        {
            await engine.EnqueueAsync(id, time.GetUtcNow(), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var free = room.WaitForRoomAsync(stoppingToken);
        while (true)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(problem, "The sweep could not read what is due; it looks again in {Seconds} s", Interval.TotalSeconds);
            }

            await await Task.WhenAny(tick, free);
            tick = tick.IsCompleted ? timer.WaitForNextTickAsync(stoppingToken).AsTask() : tick;
            free = free.IsCompleted ? room.WaitForRoomAsync(stoppingToken) : free;
        }
    }
}
