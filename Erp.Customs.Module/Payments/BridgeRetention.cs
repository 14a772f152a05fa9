using System.Data.Common;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>Erases orders at the bridge past the term, with every exchange: they hold names, identity numbers and mobiles. An order goes after the payments of it have gone.</summary>
internal sealed class BridgeRetention(BridgeTable orders, Erasures erasures) : IOldPushes
{
    /// <inheritdoc/>
    public Task<long> CountAsync(RetentionPlan plan, CancellationToken cancellationToken) => orders.CountOldAsync(plan.Cutoff, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> EraseAsync(RetentionPlan plan, Func<DbConnection, DbTransaction, int, Task> erased, CancellationToken cancellationToken)
    {
        var all = 0L;
        int batch;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch = await orders.EraseAsync(plan.Cutoff, RetentionPlan.BatchSize, async (connection, transaction, ids) =>
            {
                await erasures.SealAsync(connection, transaction, plan, (SealedKind.BridgeOrder, ids));
                await erased(connection, transaction, ids.Count);
            });
            all += batch;
        }
        while (batch == RetentionPlan.BatchSize);
        return all;
    }
}
