namespace Erp.Customs.Reliability.World;

/// <summary>What the ERP's integration API says of the archive.</summary>
internal sealed record Verification(bool IsClean, long Last, long Checked, long Erased, int Checkpoints, long LastCheckpoint, IReadOnlyList<VerificationFinding> Findings)
{
    /// <summary>The first bad number; <see langword="null"/> when there is none.</summary>
    public VerificationFinding? First => Findings is [var first, ..] ? first : null;
}

/// <summary>Something that is not as it was sealed.</summary>
internal sealed record VerificationFinding(long Number, long LastNumber, string Kind, string Sentence);
