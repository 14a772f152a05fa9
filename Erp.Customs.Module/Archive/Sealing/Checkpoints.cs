using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// 检查点: says now and then how far the chain is, signed, and has it kept outside the database. Never for a chain that contradicts what was said before: then people must look.
/// </summary>
internal sealed class Checkpoints(
    CheckpointTable table, EvidenceTable evidence, Sealer sealer, SealingKey key, IEnumerable<ICheckpointTarget> targets, TimeProvider time, ILogger<Checkpoints> logger) : IDisposable
{
    /// <summary>Seals read at a time for the amounts. The default value is 500.</summary>
    private const int PageSize = 500;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What is wrong since the last time, in both languages; <see langword="null"/> when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Where checkpoints are kept besides the database.</summary>
    public IReadOnlyList<ICheckpointTarget> Targets { get; } = [.. targets];

    /// <summary>Seals what is there, makes a checkpoint of it, and hands out what targets lack. Where nothing is new, none is made.</summary>
    /// <returns><see cref="Problem"/>.</returns>
    public async Task<string?> MakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await sealer.SealAsync(cancellationToken);
            var last = await table.LastAsync(cancellationToken);
            var problem = await ContradictionAsync(last, cancellationToken);
            return Problem = problem ?? await AddAsync(last, cancellationToken) ?? await HandOutAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The amounts of the payment versions that were sealed behind a number, by currency; those that are erased have none.</summary>
    public async Task<Dictionary<string, decimal>> AmountsAsync(long after, long last, CancellationToken cancellationToken)
    {
        var amounts = new Dictionary<string, decimal>(StringComparer.Ordinal);
        while (await evidence.PageAsync(after, last, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            var versions = page.Where(seal => seal.Kind == SealedKind.PaymentVersion).ToList();
            foreach (var record in (await evidence.RecordsAsync(versions, cancellationToken)).Values)
            {
                Add(amounts, record);
            }

            after = page[^1].Number;
        }

        return amounts;
    }

    /// <summary>Adds the amount of a payment version.</summary>
    /// <exception cref="UnreadableContentException">It cannot be read.</exception>
    public static void Add(Dictionary<string, decimal> amounts, SealedRecord version)
    {
        if (version.Unreadable is { } unreadable)
        {
            throw unreadable;
        }

        var facts = FactsJson.Read((byte[])version["facts"]!);
        amounts[facts.Currency] = amounts.GetValueOrDefault(facts.Currency) + facts.TotalAmount;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Whether the database is not what was said of it before, by its own last checkpoint or by one outside.</summary>
    private async Task<string?> ContradictionAsync(ArchiveCheckpoint? last, CancellationToken cancellationToken)
    {
        if (last is not null && await ContradictionAsync(last, Words.Of("数据库", "the database"), cancellationToken) is { } own)
        {
            return own;
        }

        foreach (var target in Targets)
        {
            try
            {
                if (await target.LastNumberAsync(cancellationToken) is > 0 and var number
                    && await target.ReadAsync(number - 1, cancellationToken) is [var outside, ..]
                    && await ContradictionAsync(outside, Words.Of(target.Name, target.Name), cancellationToken) is { } contradiction)
                {
                    return contradiction;
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // Whether it can be written to is told by the handing out.
                logger.LogWarning(problem, "The checkpoints in {Path} could not be read", target.Name);
            }
        }

        return null;
    }

    private async Task<string?> ContradictionAsync(ArchiveCheckpoint checkpoint, string where, CancellationToken cancellationToken)
    {
        var (zh, en) = (Words.In(where, english: false), Words.In(where, english: true));
        if (!key.Trusts(checkpoint))
        {
            return Words.Of(
                $"检查点 {checkpoint.Number}（{zh}）不是用存证密钥签的；如更换过密钥，请把原公钥指纹写入 Customs:Archive:FormerKeys",
                $"Checkpoint {checkpoint.Number} in {en} is not signed with the archive's key; where the key was changed, name the former one in Customs:Archive:FormerKeys");
        }

        var head = await evidence.HeadAsync(checkpoint.Number, cancellationToken);
        return head.Number == checkpoint.Number && head.Chain.AsSpan().SequenceEqual(Checkpoint.Read(checkpoint.Statement).Chain) ? null : Words.Of(
            $"证据链与检查点 {checkpoint.Number}（{zh}）不符：数据库恢复自旧副本，或被改动；请运行 archive verify",
            $"The chain is not what checkpoint {checkpoint.Number} in {en} says: the database was restored from an older copy, or changed; run archive verify");
    }

    /// <returns>Why none could be made; <see langword="null"/> when it was, or nothing is new.</returns>
    private async Task<string?> AddAsync(ArchiveCheckpoint? last, CancellationToken cancellationToken)
    {
        var head = await evidence.HeadAsync(long.MaxValue, cancellationToken);
        var before = last is null ? null : Checkpoint.Read(last.Statement);
        var after = before?.Number ?? 0;
        if (head.Number == after)
        {
            return null;
        }

        Dictionary<string, decimal> amounts;
        try
        {
            amounts = await AmountsAsync(after, head.Number, cancellationToken);
        }
        catch (UnreadableContentException unreadable)
        {
            return unreadable.Message;
        }

        var now = time.GetUtcNow();
        var statement = new Checkpoint(
            head.Number,
            head.Chain,
            now,
            Sum(before?.Records, await evidence.CountsAsync(after, head.Number, cancellationToken), (left, right) => left + right),
            Sum(before?.Amounts, amounts, (left, right) => left + right),
            last is null ? Checkpoint.NoPrevious : Checkpoint.NameOf(last.Number, last.Statement)).Write();
        await table.AddAsync(key.Sign(head.Number, statement), now);
        return null;
    }

    private async Task<string?> HandOutAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var target in Targets)
        {
            try
            {
                foreach (var checkpoint in await table.ListAsync(await target.LastNumberAsync(cancellationToken), cancellationToken))
                {
                    await target.WriteAsync(checkpoint, cancellationToken);
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogError(problem, "Checkpoints could not be written to {Path}; it is tried again next time", target.Name);
                problems.Add(Words.Of($"检查点未能写入 {target.Name}（{problem.GetType().Name}），下次再写", $"Checkpoints could not be written to {target.Name} ({problem.GetType().Name}); it is tried again next time"));
            }
        }

        return problems.Count == 0 ? null : Words.All(problems);
    }

    private static Dictionary<string, T> Sum<T>(IReadOnlyDictionary<string, T>? left, IReadOnlyDictionary<string, T> right, Func<T, T, T> add)
    {
        var sum = left is null ? new Dictionary<string, T>(StringComparer.Ordinal) : new Dictionary<string, T>(left, StringComparer.Ordinal);
        foreach (var (name, value) in right)
        {
            sum[name] = sum.TryGetValue(name, out var there) ? add(there, value) : value;
        }

        return sum;
    }
}
