using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>The checkpoints that a chain is held against, and what is wrong with them themselves.</summary>
/// <param name="Trusted">By number; signed with the archive's key.</param>
/// <param name="Findings">Forged ones, missing ones.</param>
internal sealed record KnownCheckpoints(IReadOnlyDictionary<long, Checkpoint> Trusted, IReadOnlyList<ArchiveFinding> Findings)
{
    /// <summary>The number of the newest; 0 when there is none.</summary>
    public long Last => Trusted.Count == 0 ? 0 : Trusted.Keys.Max();

    /// <summary>Judges checkpoints from wherever; of one number the first that is trusted counts.</summary>
    public static KnownCheckpoints Of(IEnumerable<ArchiveCheckpoint> all, SealingKey key)
    {
        var findings = new List<ArchiveFinding>();
        var statements = new SortedDictionary<long, (Checkpoint Checkpoint, string Statement)>();
        foreach (var one in all)
        {
            if (!key.Trusts(one) || Checkpoint.Read(one.Statement) is not { } said || said.Number != one.Number)
            {
                findings.Add(new(one.Number, one.Number, ArchiveFindingKind.ForgedCheckpoint, Words.Of(
                    $"检查点 {one.Number} 不是用存证密钥签的，或已被改动", $"Checkpoint {one.Number} is not signed with the archive's key, or was changed")));
            }
            else
            {
                statements.TryAdd(one.Number, (said, one.Statement));
            }
        }

        var before = Checkpoint.NoPrevious;
        foreach (var (number, (said, statement)) in statements)
        {
            if (said.Previous != before)
            {
                findings.Add(new(number, number, ArchiveFindingKind.MissingCheckpoint, Words.Of(
                    $"检查点 {number} 之前的检查点缺失（应为 {said.Previous}）", $"The checkpoint before {number} is missing (it would be {said.Previous})")));
            }

            before = Checkpoint.NameOf(number, statement);
        }

        return new(statements.ToDictionary(one => one.Key, one => one.Value.Checkpoint), findings);
    }
}
