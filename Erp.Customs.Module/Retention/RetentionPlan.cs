namespace Erp.Customs.Module.Retention;

/// <summary>From when on payments are kept (E-Commerce Law art. 31: at least three years from the completion of the transaction).</summary>
/// <param name="Years">The term.</param>
/// <param name="Cutoff">Midnight in China; what was traded before it is past the term.</param>
internal sealed record RetentionPlan(int Years, DateTimeOffset Cutoff)
{
    /// <summary>No setting makes the term shorter. 3 years.</summary>
    public const int LeastYears = 3;

    /// <summary>
    /// The term is counted in days of China's calendar and its last day is kept to its end: a payment of 11 November 2023 goes on 12 November 2026,
    /// one of 29 February on 1 March.
    /// </summary>
    public static RetentionPlan Of(DateTimeOffset now, int years)
    {
        var term = Math.Max(years, LeastYears);
        return new(term, new DateTimeOffset(now.ToOffset(ChinaTime.Offset).Date.AddYears(-term), ChinaTime.Offset));
    }
}

/// <summary>What a run of retention did, or would have done.</summary>
/// <param name="RunId">Its row in <c>retention_run</c>.</param>
/// <param name="DryRun">Nothing was erased.</param>
/// <param name="Plan">The term.</param>
/// <param name="Payments">Payments erased, with all that was made of them.</param>
/// <param name="Requests">Requests erased.</param>
/// <param name="Held">Payments past the term that a request of customs still needs.</param>
/// <param name="OldestKept">Trading time of the oldest payment left (after a dry run: that there is); <see langword="null"/> when there is none.</param>
/// <param name="Forgotten">What was erased was also overwritten, in the database's log too; <see langword="false"/> when a reader kept the log in use.</param>
internal sealed record RetentionReport(
    long RunId, bool DryRun, RetentionPlan Plan, long Payments, long Requests, long Held, DateTimeOffset? OldestKept, bool Forgotten)
{
    /// <summary>Captured messages erased that no payment ever had.</summary>
    public long Captures { get; init; }
}
