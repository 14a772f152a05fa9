using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells the host's people when half of the time for an answer is gone: once for each request, in one notice for many.</summary>
internal sealed class DeadlineWatch(RequestTable requests, PersonNotice persons, TimeProvider time, ILogger<DeadlineWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 2 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Requests in one notice; the next look takes the next. The default value is 1,000.</summary>
    private const int NoticeLimit = 1_000;

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await requests.TakeAlarmsAsync(NoticeLimit, late => persons.OfDeadline(late, time.GetUtcNow()), cancellationToken) is { Count: > 0 } late)
        {
            logger.LogWarning("Half of the time of {Count} requests is gone without an end, the first of them is {RequestId}", late.Count, late[0].Id);
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
                logger.LogError(problem, "Whose time runs out could not be read; it is looked again in {Seconds} s", Interval.TotalSeconds);
            }
        }
    }
}
