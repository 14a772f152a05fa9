using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// Walks the chain from number to number: computes each hash anew from the record as it stands, and holds the chain against the checkpoints, above all against those outside the database.
/// Names the first number at which something is wrong, and what.
/// </summary>
internal sealed class ArchiveVerifier(EvidenceTable evidence, CheckpointTable table, Checkpoints checkpoints, SealingKey key, Sealer sealer, VerificationState state, ArchiveOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Seals read at a time. The default value is 500.</summary>
    private const int PageSize = 500;

    /// <summary>Pages after which it is noted how far a run over everything is. The default value is 20.</summary>
    private const int PagesBetweenNotes = 20;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Verifies a part of the archive, or all of it; one at a time.</summary>
    /// <param name="range">Which part.</param>
    /// <param name="progress">Told after each page.</param>
    /// <param name="cancellationToken">Ends it; a run over everything can be resumed.</param>
    public async Task<ArchiveVerification> VerifyAsync(ArchiveRange range, IProgress<ArchiveVerificationProgress>? progress, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(range, progress, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<ArchiveVerification> RunAsync(ArchiveRange range, IProgress<ArchiveVerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var notes = new List<string>();
        var known = await KnownCheckpointsAsync(notes, cancellationToken);
        var end = (await evidence.HeadAsync(long.MaxValue, cancellationToken)).Number;
        var (first, last) = await NumbersAsync(range, end, cancellationToken);
        var walk = range is { IsAll: true, Resume: true } && state.Read() is { } saved
            ? ChainWalk.GoOn(saved, known)
            : ChainWalk.Begin(first, first <= 1 ? ChainHead.None : await evidence.HeadAsync(first - 1, cancellationToken), known);
        await WalkAsync(walk, last, range.IsAll, progress, cancellationToken);
        if (range.To is null && range.SealedBefore is null)
        {
            walk.End();
        }

        if (range.IsAll)
        {
            state.Forget();
        }

        if (await sealer.OldestAsync(cancellationToken) is var oldest && oldest > options.SealWithin)
        {
            notes.Add(Words.Of($"有记录 {(long)oldest.TotalMinutes} 分钟仍未存证", $"A record has waited for its seal for {(long)oldest.TotalMinutes} min"));
        }

        return walk.Result(notes, time.GetElapsedTime(began));
    }

    private async Task<(long First, long Last)> NumbersAsync(ArchiveRange range, long end, CancellationToken cancellationToken)
    {
        if (range.SealedFrom is null && range.SealedBefore is null)
        {
            return (Math.Max(1, range.From ?? 1), Math.Min(end, range.To ?? end));
        }

        var (first, last) = await evidence.NumbersOfAsync(range.SealedFrom, range.SealedBefore, cancellationToken);
        return (Math.Max(1, range.From ?? first), range.To ?? last);
    }

    /// <summary>The next page is read while this one is hashed.</summary>
    private async Task WalkAsync(ChainWalk walk, long last, bool isAll, IProgress<ArchiveVerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var next = PageAsync(walk.Number, last, cancellationToken);
        for (var pages = 1; await next is { Seals.Count: > 0 } page; pages++)
        {
            next = PageAsync(page.Seals[^1].Number, last, cancellationToken);
            foreach (var seal in page.Seals)
            {
                walk.Step(seal, page.Records.GetValueOrDefault((seal.Kind, seal.RecordId, seal.RecordNo)), page.Erasures);
            }

            progress?.Report(new(walk.Number, walk.First, last, walk.FindingsTotal));
            if (isAll && pages % PagesBetweenNotes == 0)
            {
                state.Write(walk.Save());
            }
        }
    }

    /// <summary>Seals with what is needed to judge them.</summary>
    private async Task<Page> PageAsync(long after, long last, CancellationToken cancellationToken)
    {
        var seals = await evidence.PageAsync(after, last, PageSize, cancellationToken);
        var records = await evidence.RecordsAsync([.. seals], cancellationToken);
        var erasures = new Dictionary<long, Erasure>();
        foreach (var number in seals.Select(seal => seal.ErasedBy ?? (seal.Kind == SealedKind.Erasure ? seal.Number : 0)).Where(number => number > 0).Distinct())
        {
            if (await ErasureAsync(number, cancellationToken) is { } erasure)
            {
                erasures.Add(number, erasure);
            }
        }

        return new(seals, records, erasures);
    }

    /// <summary>An erasure that is what was sealed; <see langword="null"/> when there is none with that number.</summary>
    private async Task<Erasure?> ErasureAsync(long number, CancellationToken cancellationToken)
    {
        if (await evidence.FindAsync(number, cancellationToken) is not { Kind: SealedKind.Erasure, Salt: { } salt } seal
            || (await evidence.RecordsAsync([seal], cancellationToken)).GetValueOrDefault((seal.Kind, seal.RecordId, seal.RecordNo)) is not { } record
            || !Seal.Leaf(salt, record).AsSpan().SequenceEqual(seal.Leaf))
        {
            return null;
        }

        return new(NumberRanges.Parse((string)record["numbers"]!), await evidence.CountErasedAsync(number, cancellationToken));
    }

    /// <summary>Those outside first: the database's own are what somebody with all rights in it may have changed, but not signed.</summary>
    private async Task<KnownCheckpoints> KnownCheckpointsAsync(List<string> notes, CancellationToken cancellationToken)
    {
        var all = new List<ArchiveCheckpoint>();
        foreach (var target in checkpoints.Targets)
        {
            try
            {
                all.AddRange(await target.ReadAsync(0, cancellationToken));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                notes.Add(Words.Of($"检查点 {target.Name} 不能读取（{problem.GetType().Name}）", $"The checkpoints in {target.Name} cannot be read ({problem.GetType().Name})"));
            }
        }

        if (all.Count == 0)
        {
            notes.Add(Words.Of("数据库之外没有检查点：不能证明链没有被整体重算", "There is no checkpoint outside the database: that the whole chain was not computed anew cannot be proved"));
        }

        all.AddRange(await table.ListAsync(0, cancellationToken));
        return KnownCheckpoints.Of(all, key);
    }

    private sealed record Page(IReadOnlyList<EvidenceRow> Seals, IReadOnlyDictionary<(string Kind, long Id, long No), SealedRecord> Records, IReadOnlyDictionary<long, Erasure> Erasures);
}

/// <summary>An erasure that is what was sealed.</summary>
/// <param name="Numbers">What it lists.</param>
/// <param name="Erased">How many seals say that they went with it.</param>
internal sealed record Erasure(NumberRanges Numbers, long Erased);
