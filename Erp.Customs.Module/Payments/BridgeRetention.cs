using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>Erases orders at the bridge past the term, with every exchange: they hold names, identity numbers and mobiles. An order goes after the payments of it have gone.</summary>
internal sealed class BridgeRetention(BridgeTable orders, Sealer sealer, Erasures erasures, CustomsDatabase database, CustomsOptions options, TimeProvider time, ILogger<BridgeRetention> logger) : IScheduledWork
{
    /// <summary>Rows in one batch. 200.</summary>
    private const int BatchSize = 200;

    public string Name => "bridge-retention";

    public string Cron => options.RetentionCron;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.RetentionDryRun)
        {
            return;
        }

        var cutoff = new DateTimeOffset(time.GetUtcNow().ToOffset(ChinaTime.Offset).Date.AddYears(-options.RetentionYears), ChinaTime.Offset);
        await sealer.SealAsync(cancellationToken);
        var erased = 0;
        int batch;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch = await orders.EraseAsync(cutoff, BatchSize, (connection, transaction, ids) => erasures.SealAsync(connection, transaction, cutoff, (SealedKind.BridgeOrder, ids)));
            erased += batch;
        }
        while (batch == BatchSize);
        var forgotten = erased == 0 || await database.ForgetErasedAsync();
        logger.LogInformation("Retention: {Orders} orders at the bridge past {Years} years erased, traces in the database's log left: {Left}", erased, options.RetentionYears, !forgotten);
    }
}
