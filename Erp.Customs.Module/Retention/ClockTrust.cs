using Erp.Customs.Module.Storage;
using Quartz;

namespace Erp.Customs.Module.Retention;

/// <summary>
/// Whether the clock may be believed so far that data are erased by it: a clock that somebody set far ahead would have them erased early, for good. While the module runs, it has counted the time
/// itself; over the time that it was off there is only the last run to hold the clock against. In doubt nothing is erased until a person says that the clock is right.
/// </summary>
internal sealed class ClockTrust(RetentionTable table, CustomsOptions options, TimeProvider time)
{
    /// <summary>How far the clock may run ahead of the time that this process has counted. 10 minutes.</summary>
    private static readonly TimeSpan s_jump = TimeSpan.FromMinutes(10);

    /// <summary>How long after the run that was due the module may be started without its clock being in doubt: a long weekend. 4 days.</summary>
    private static readonly TimeSpan s_away = TimeSpan.FromDays(4);

    private readonly CronExpression _cron = new(options.RetentionCron, options.RetentionZone);
    private (DateTimeOffset Now, long Timestamp) _since = (time.GetUtcNow(), time.GetTimestamp());

    /// <summary>Why the clock is in doubt, <c>中文 | English</c>; <see langword="null"/> when it is not.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        var since = _since;
        if (time.GetUtcNow() - since.Now - time.GetElapsedTime(since.Timestamp) > s_jump)
        {
            return Words.Of(
                $"自 {ChinaTime.ToScreen(since.Now)} 模块启动以来，系统时钟被向前调整过，未删除任何数据；请核对时钟，无误后在「保留与保全」页面确认",
                $"The clock was set ahead since the module was started at {ChinaTime.ToScreen(since.Now)}; nothing was erased. Look at the clock, and confirm it on the screen 保留与保全 if it is right");
        }

        return await table.LastBelievedAsync(cancellationToken) is { } last && _cron.GetNextValidTimeAfter(last) is { } due && since.Now - due > s_away
            ? Words.Of(
                $"上次清理在 {ChinaTime.ToScreen(last)}，其后模块停用超过 {s_away.Days} 天（或时钟被调整过），未删除任何数据；请核对时钟，无误后在「保留与保全」页面确认",
                $"The last run was at {ChinaTime.ToScreen(last)}, and the module was off for more than {s_away.Days} days since, or the clock was set ahead; nothing was erased. Look at the clock, and confirm it on the screen 保留与保全 if it is right")
            : null;
    }

    /// <summary>A person says that the clock is right as it is: from here on time is counted anew.</summary>
    public void Confirm() => _since = (time.GetUtcNow(), time.GetTimestamp());
}
