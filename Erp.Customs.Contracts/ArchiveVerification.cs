namespace Erp.Customs.Contracts;

/// <summary>Which part of the archive's chain is verified. Without anything: all of it.</summary>
public sealed record ArchiveRange
{
    /// <summary>The first number; <see langword="null"/> for the beginning.</summary>
    public long? From { get; init; }

    /// <summary>The last number; <see langword="null"/> for the end.</summary>
    public long? To { get; init; }

    /// <summary>What was sealed at this time or later; not together with <see cref="From"/>.</summary>
    public DateTimeOffset? SealedFrom { get; init; }

    /// <summary>What was sealed before this time; not together with <see cref="To"/>.</summary>
    public DateTimeOffset? SealedBefore { get; init; }

    /// <summary>Goes on where the last run over all of it was ended.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether it is all of it.</summary>
    public bool IsAll => From is null && To is null && SealedFrom is null && SealedBefore is null;
}

/// <summary>How far a verification is.</summary>
/// <param name="Number">The number looked at last.</param>
/// <param name="First">Where it began.</param>
/// <param name="Last">Where it will end.</param>
/// <param name="Findings">What was found until now.</param>
public sealed record ArchiveVerificationProgress(long Number, long First, long Last, long Findings);

/// <summary>How a verification of the archive came out.</summary>
/// <param name="First">The first number looked at.</param>
/// <param name="Last">The last one.</param>
/// <param name="Checked">How many seals were looked at, with a run that was resumed.</param>
/// <param name="Erased">How many of their records were erased lawfully.</param>
/// <param name="Checkpoints">How many checkpoints the chain was held against.</param>
/// <param name="LastCheckpoint">The number of the newest of them; what was sealed after it is proved by the chain alone. 0 when there is none.</param>
/// <param name="FindingsTotal">How much was found.</param>
/// <param name="Findings">The first hundred, the first bad number first.</param>
/// <param name="Notes">What could not be looked at, and what waits to be sealed; <c>中文 | English</c>.</param>
/// <param name="Took">How long it took.</param>
public sealed record ArchiveVerification(
    long First, long Last, long Checked, long Erased, int Checkpoints, long LastCheckpoint, long FindingsTotal, IReadOnlyList<ArchiveFinding> Findings, IReadOnlyList<string> Notes, TimeSpan Took)
{
    /// <summary>Nothing was found.</summary>
    public bool IsClean => FindingsTotal == 0;
}

/// <summary>Something that is not as it was sealed.</summary>
/// <param name="Number">The first bad number.</param>
/// <param name="LastNumber">The last one that it may concern; mostly the same.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sentence">The same in words, <c>中文 | English</c>. No personal data.</param>
public sealed record ArchiveFinding(long Number, long LastNumber, ArchiveFindingKind Kind, string Sentence);

/// <summary>What can be wrong with the archive.</summary>
public enum ArchiveFindingKind
{
    /// <summary>A record is not what was sealed.</summary>
    Changed,

    /// <summary>A record is gone, and no erasure says so.</summary>
    Missing,

    /// <summary>A number is missing in the chain.</summary>
    Gap,

    /// <summary>A seal was changed, moved or swapped with another.</summary>
    Moved,

    /// <summary>The chain is in itself whole but not what a checkpoint says: it was computed anew, or the database is an older copy that went on.</summary>
    Rewritten,

    /// <summary>The end of the chain is missing: it was cut, or the database is an older copy.</summary>
    Cut,

    /// <summary>A checkpoint is not signed with the archive's key.</summary>
    ForgedCheckpoint,

    /// <summary>A checkpoint that the one after it names is missing.</summary>
    MissingCheckpoint,

    /// <summary>A record is said to be erased, and is not, or not by that erasure.</summary>
    FalseErasure,

    /// <summary>A record's content was encrypted with a key that is not there: whether it is what was sealed cannot be told.</summary>
    Unreadable,
}
