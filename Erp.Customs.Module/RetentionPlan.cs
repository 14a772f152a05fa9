namespace Erp.Customs.Module;

/// <summary>From when on records are kept (E-Commerce Law art. 31: at least three years from the completion of the transaction).</summary>
/// <param name="Years">The term.</param>
/// <param name="Cutoff">Midnight in China; what was completed before it is past the term.</param>
internal sealed record RetentionPlan(int Years, DateTimeOffset Cutoff)
{
    /// <summary>No setting makes the term shorter. 3 years.</summary>
    public const int LeastYears = 3;

    /// <summary>Rows that are erased in one transaction: so few that what arrives meanwhile waits for some tens of milliseconds. 20.</summary>
    public const int BatchSize = 20;

    /// <summary>
    /// The term is counted in days of China's calendar and its last day is kept to its end: what was completed on 11 November 2023 goes on 12 November 2026. Where the last year has no such
    /// day, the month's last day is the last (Civil Code art. 202): what was completed on 29 February 2024 is kept to the end of 28 February 2027.
    /// </summary>
    public static RetentionPlan Of(DateTimeOffset now, int years)
    {
        var term = Math.Max(years, LeastYears);
        var today = now.ToOffset(ChinaTime.Offset).Date;
        var day = today.AddYears(-term);

        // On 29 February the day before has had its years already, and three years ago there was no such day.
        return new(term, new DateTimeOffset(day.AddYears(term) < today ? day.AddDays(1) : day, ChinaTime.Offset));
    }

    /// <summary>Midnight in China at which the term of something that was completed then is over.</summary>
    public DateTimeOffset Over(DateTimeOffset completed) => new(completed.ToOffset(ChinaTime.Offset).Date.AddYears(Years).AddDays(1), ChinaTime.Offset);
}
