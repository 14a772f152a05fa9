using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>One walk along the chain: judges seal after seal and remembers what was found.</summary>
internal sealed class ChainWalk
{
    /// <summary>Findings that are kept in words. The default value is 100.</summary>
    private const int MostFindings = 100;

    private readonly KnownCheckpoints _known;
    private readonly List<ArchiveFinding> _findings;
    private byte[] _before;
    private long _checked;
    private long _erased;
    private int _compared;
    private long _agreed;

    private ChainWalk(SavedWalk from, KnownCheckpoints known)
    {
        (First, Number, FindingsTotal, _known, _findings) = (from.First, from.Number, from.FindingsTotal, known, [.. from.Findings]);
        (_before, _checked, _erased, _compared, _agreed) = (from.Chain, from.Checked, from.Erased, from.Compared, from.Agreed);
    }

    /// <summary>Where it began.</summary>
    public long First { get; }

    /// <summary>The number behind which it is.</summary>
    public long Number { get; private set; }

    /// <summary>How much was found.</summary>
    public long FindingsTotal { get; private set; }

    /// <summary>Begins at a number.</summary>
    /// <param name="first">The number.</param>
    /// <param name="before">The chain before it.</param>
    /// <param name="known">What it is held against.</param>
    public static ChainWalk Begin(long first, ChainHead before, KnownCheckpoints known)
    {
        var walk = new ChainWalk(new SavedWalk(first, first - 1, before.Chain, 0, 0, 0, first - 1, 0, []), known);
        foreach (var finding in known.Findings)
        {
            walk.Found(finding);
        }

        return walk;
    }

    /// <summary>Goes on where one was saved.</summary>
    public static ChainWalk GoOn(SavedWalk saved, KnownCheckpoints known) => new(saved, known);

    /// <summary>To go on later.</summary>
    public SavedWalk Save() => new(First, Number, _before, _checked, _erased, _compared, _agreed, FindingsTotal, _findings);

    /// <summary>Judges the next seal.</summary>
    /// <param name="seal">Behind all before it.</param>
    /// <param name="record">Its record, if that is there.</param>
    /// <param name="erasures">Those that are true, by number.</param>
    public void Step(EvidenceRow seal, SealedRecord? record, IReadOnlyDictionary<long, Erasure> erasures)
    {
        var chain = Seal.Chain(_before, seal);
        if (seal.Number > Number + 1)
        {
            Found(Number + 1, seal.Number - 1, ArchiveFindingKind.Gap, "链上缺少编号", "numbers are missing in the chain");
        }
        else if (!chain.AsSpan().SequenceEqual(seal.Chain))
        {
            Found(seal, ArchiveFindingKind.Moved, "存证行被改动、移位或对换", "the seal was changed, moved or swapped with another");
        }

        if (seal.ErasedBy is { } erasedBy)
        {
            Erased(seal, record, erasures.GetValueOrDefault(erasedBy), erasedBy);
        }
        else
        {
            Stands(seal, record);
        }

        if (seal.Kind == SealedKind.Erasure && erasures.GetValueOrDefault(seal.Number) is { } erasure && erasure.Erased != erasure.Numbers.Count)
        {
            Found(seal, ArchiveFindingKind.FalseErasure, $"删除记录列有 {erasure.Numbers.Count} 个编号，实际 {erasure.Erased} 个", $"the erasure lists {erasure.Numbers.Count} numbers, but {erasure.Erased} went with it");
        }

        (Number, _before) = (seal.Number, seal.Chain);
        _checked++;
        if (_known.Trusted.TryGetValue(seal.Number, out var checkpoint))
        {
            Compare(seal, chain, checkpoint);
        }
    }

    /// <summary>The end of the chain is reached.</summary>
    public void End()
    {
        if (_known.Last > Number)
        {
            Found(
                Number + 1, _known.Last, ArchiveFindingKind.Cut,
                $"链在 {Number} 处结束，而检查点 {_known.Last} 曾经签出：尾部被删，或数据库恢复自旧副本", $"the chain ends at {Number}, but checkpoint {_known.Last} was made: its end was cut, or the database was restored from an older copy");
        }
    }

    /// <summary>What came of it.</summary>
    public ArchiveVerification Result(IReadOnlyList<string> notes, TimeSpan took) =>
        new(First, Number, _checked, _erased, _compared, _known.Last, FindingsTotal, [.. _findings.OrderBy(finding => finding.Number)], notes, took);

    private void Erased(EvidenceRow seal, SealedRecord? record, Erasure? erasure, long erasedBy)
    {
        _erased++;
        if (erasure is null || !erasure.Numbers.Contains(seal.Number))
        {
            Found(seal, ArchiveFindingKind.FalseErasure, $"标为随 {erasedBy} 号删除，但没有这样的删除记录", $"it is said to have gone with erasure {erasedBy}, which says nothing of it");
        }
        else if (record is not null || seal.Salt is not null)
        {
            Found(seal, ArchiveFindingKind.FalseErasure, $"标为随 {erasedBy} 号删除，但内容仍在", $"it is said to have gone with erasure {erasedBy}, but is still there");
        }
    }

    private void Stands(EvidenceRow seal, SealedRecord? record)
    {
        if (record is null)
        {
            Found(seal, ArchiveFindingKind.Missing, "记录不在了，且没有删除记录", "the record is gone, and no erasure says so");
        }
        else if (record.Unreadable is { MissingKey: not null } unreadable)
        {
            Found(seal, ArchiveFindingKind.Unreadable, Words.In(unreadable.Message, english: false), Words.In(unreadable.Message, english: true));
        }
        else if (record.Unreadable is not null || seal.Salt is null || !Seal.Leaf(seal.Salt, record).AsSpan().SequenceEqual(seal.Leaf))
        {
            Found(seal, ArchiveFindingKind.Changed, "记录与存证时不同", "the record is not what was sealed");
        }
    }

    /// <summary>Of a seal that does not fit to the one before it that was told already; what follows is then held against what the checkpoint says.</summary>
    private void Compare(EvidenceRow seal, byte[] computed, Checkpoint checkpoint)
    {
        _compared++;
        var fits = computed.AsSpan().SequenceEqual(seal.Chain);
        if (!fits)
        {
            _before = checkpoint.Chain;
        }
        else if (!checkpoint.Chain.AsSpan().SequenceEqual(seal.Chain))
        {
            Found(
                _agreed + 1, seal.Number, ArchiveFindingKind.Rewritten,
                $"链自身完整，但与检查点 {seal.Number} 不符：被重算过，或数据库恢复自旧副本", $"the chain is whole in itself, but is not what checkpoint {seal.Number} says: it was computed anew, or the database was restored from an older copy");
        }

        _agreed = seal.Number;
    }

    private void Found(EvidenceRow seal, ArchiveFindingKind kind, string zh, string en) =>
        Found(seal.Number, seal.Number, kind, $"{seal.Kind} {seal.RecordId}：{zh}", $"{seal.Kind} {seal.RecordId}: {en}");

    private void Found(long first, long last, ArchiveFindingKind kind, string zh, string en)
    {
        var numbers = first == last ? $"{first}" : $"{first}-{last}";
        Found(new ArchiveFinding(first, last, kind, Words.Of($"编号 {numbers}：{zh}", $"number {numbers}: {en}")));
    }

    private void Found(ArchiveFinding finding)
    {
        FindingsTotal++;
        if (_findings.Count < MostFindings)
        {
            _findings.Add(finding);
        }
    }
}

/// <summary>A walk that can be gone on with.</summary>
internal sealed record SavedWalk(
    long First, long Number, byte[] Chain, long Checked, long Erased, int Compared, long Agreed, long FindingsTotal, IReadOnlyList<ArchiveFinding> Findings);
