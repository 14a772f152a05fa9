using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>
/// What the last days were like. Days that are over are summed up once a night, all of them anew since a request may end later; until then, and for today, the rows are counted.
/// </summary>
internal sealed class DaySums(DayTable table, TimeProvider time) : IScheduledWork
{
    /// <summary>Days that are summed up and shown. 30.</summary>
    public const int Days = 30;

    public string Name => "day_sums";

    /// <summary>Every ten minutes it is looked whether there is anything to be done, so that a day is summed up soon wherever the night was spent.</summary>
    public string Cron => "0 5/10 * * * ?";

    private DateOnly Today => DayTable.Of(time.GetUtcNow());

    private DateOnly First => Today.AddDays(1 - Days);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var yesterday = Today.AddDays(-1);
        if ((await table.SummedAsync(yesterday, cancellationToken)).Count == 0)
        {
            await table.SaveAsync(await table.CountAsync(First, yesterday, cancellationToken));
        }
    }

    /// <summary>The days that are shown, the oldest first, today last.</summary>
    public IReadOnlyList<DateOnly> Shown => [.. Enumerable.Range(0, Days).Select(First.AddDays)];

    /// <summary>The last days, the oldest first, today last. A day that is over and not summed up yet is counted where it is yesterday, and otherwise missing until it is.</summary>
    public async Task<IReadOnlyList<DaySum>> LastAsync(CancellationToken cancellationToken)
    {
        var summed = (await table.SummedAsync(First, cancellationToken)).Where(day => day.Day < Today).ToList();
        var from = summed.Count > 0 && summed[^1].Day == Today.AddDays(-1) ? Today : Today.AddDays(-1);
        return [.. summed.Where(day => day.Day < from), .. await table.CountAsync(from, Today, cancellationToken)];
    }
}
