namespace Erp.Customs.Module.Retention;

/// <summary>What a run of retention did, or would have done.</summary>
/// <param name="RunId">Its row in <c>retention_run</c>.</param>
/// <param name="DryRun">Nothing was erased.</param>
/// <param name="Plan">The term.</param>
/// <param name="Payments">Payments erased, with all that was made of them.</param>
/// <param name="Requests">Requests erased.</param>
/// <param name="Held">Payments traded before the cutoff that stay: because of a later end of their order, of a request, or of a legal hold.</param>
/// <param name="OldestKept">Trading time of the oldest payment left (after a dry run: that there is); <see langword="null"/> when there is none.</param>
/// <param name="Forgotten">What was erased was also overwritten, in the database's log too; <see langword="false"/> when a reader kept the log in use.</param>
internal sealed record RetentionReport(
    long RunId, bool DryRun, RetentionPlan Plan, long Payments, long Requests, long Held, DateTimeOffset? OldestKept, bool Forgotten)
{
    /// <summary>Captured messages erased that no payment ever had.</summary>
    public long Captures { get; init; }

    /// <summary>Orders at the bridge erased, with every exchange.</summary>
    public long Pushes { get; init; }

    /// <summary>Of the payments that stay, those under a legal hold.</summary>
    public long OnHold { get; init; }

    /// <summary>Amounts of the payments erased, by currency, as <c>142=31000.5 502=20</c>.</summary>
    public string Amounts { get; init; } = "";

    /// <summary>Why nothing was erased though it was to be: the clock is in doubt; <c>中文 | English</c>, empty otherwise.</summary>
    public string Doubt { get; init; } = "";
}
