using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>
/// Notices that the machine's clock was set back, while the module runs or since it last ran, and brings what is put off nearer by as much: a retry in a second stays one, and does not
/// become one in an hour while customs wait. A clock that is set forward makes things due, which does no harm: whoever is due too early is told to wait again.
/// </summary>
internal sealed class ClockWatch(ClockTable table, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 1 second.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A step back that is too small to matter. The default value is 0.5 seconds.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    private DateTimeOffset _now = time.GetUtcNow();
    private long _timestamp = time.GetTimestamp();

    /// <summary>One look.</summary>
    public async Task LookAsync()
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var back = _now + time.GetElapsedTime(_timestamp, timestamp) - now;
        if (back > Slack)
        {
            await SetBackAsync(now, back);
        }

        // Only now: what failed is noticed again.
        (_now, _timestamp) = (now, timestamp);
    }

    /// <summary>Done once, at the start of the module.</summary>
    public async Task LookAtLastRunAsync(CancellationToken cancellationToken)
    {
        if (await table.LatestAsync(cancellationToken) is { } latest && latest - time.GetUtcNow() is var back && back > Slack)
        {
            await SetBackAsync(time.GetUtcNow(), back);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!table.IsOurs)
        {
            return;
        }

        var looksAtLastRun = true;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                if (looksAtLastRun)
                {
                    await LookAtLastRunAsync(stoppingToken);
                    looksAtLastRun = false;
                }

                await LookAsync();
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(problem, "What the clock's step back has put off could not be brought nearer; it is tried again in {Seconds} s", Interval.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SetBackAsync(DateTimeOffset now, TimeSpan back) =>
        logger.LogWarning("The clock was set back by {Back}; {Count} times were brought nearer by as much", back, await table.SetBackAsync(now, back));
}
