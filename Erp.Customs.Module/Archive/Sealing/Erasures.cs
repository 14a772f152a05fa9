using System.Data.Common;
using System.Security.Cryptography;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// 删除记录: what retention erases leaves its number and its hash, without the salt that made the hash tell anything, and a sealed record of the erasure that lists the numbers. So the chain
/// goes on to prove that nothing else is missing.
/// </summary>
internal sealed class Erasures(EvidenceTable table, Sealer sealer, TimeProvider time)
{
    /// <summary>Called before the records are erased, in the transaction that erases them.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="transaction">The one that erases.</param>
    /// <param name="plan">The term that was over.</param>
    /// <param name="erased">Records by their kind (<see cref="SealedKind"/>); what they take along goes with them.</param>
    public async Task SealAsync(DbConnection connection, DbTransaction transaction, RetentionPlan plan, params IReadOnlyList<(string Kind, IReadOnlyCollection<long> Ids)> erased)
    {
        await table.LockAsync(connection, transaction);
        var numbers = new SortedSet<long>();
        foreach (var (kind, ids) in erased)
        {
            numbers.UnionWith(await table.NumbersWithAsync(connection, transaction, kind, ids));
        }

        if (numbers.Count == 0)
        {
            return;
        }

        var (now, before) = (time.GetUtcNow().Stored(), plan.Cutoff.Stored());
        var text = NumberRanges.Of(numbers).ToString();
        var id = await table.AddErasureAsync(connection, transaction, now, before, text, plan.Years);
        var kindOfErasure = SealedKind.All.Single(kind => kind.Name == SealedKind.Erasure);
        var record = new SealedRecord(kindOfErasure, id, No: 0, [id, now, before, text]);
        var salt = RandomNumberGenerator.GetBytes(Seal.SaltLength);
        var head = await sealer.AppendAsync(connection, transaction, await table.HeadAsync(connection, transaction), record, salt, Seal.Leaf(salt, record));
        await table.EraseAsync(connection, transaction, numbers, head.Number);
    }
}
