using System.Data.Common;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Retention;

/// <summary>
/// Erases payments past their term with their versions, orders and the requests answered from them, and requests past it that were never answered.
/// Messages that were captured go with their payment; those that no payment ever had go when they are as old.
/// A payment stays while a request about its orders is unfinished or finished inside the term, and anything stays while a legal hold keeps it. In small batches, so that inserts keep going between them.
/// Of each batch a sealed record stays that says which numbers of the evidence went.
/// </summary>
internal sealed class RetentionJob(CustomsDatabase database, Sealer sealer, Erasures erasures, TimeProvider time, CustomsOptions options, ILogger<RetentionJob> logger) : IRetention
{
    /// <summary>Rows in one batch. 200.</summary>
    private const int BatchSize = 200;

    /// <summary>How often it is tried to leave no trace of erased bytes while somebody reads. 10 times, a second apart.</summary>
    private const int ForgetTries = 10;

    private static readonly TimeSpan s_forgetPause = TimeSpan.FromSeconds(1);

    /// <summary>Runs among which one that has just ended is looked for. 10.</summary>
    private const int Listed = 10;

    private readonly RetentionTable _table = new(database);
    private readonly CaptureTable _captures = new(database);

    /// <summary>Runs once and writes the run down.</summary>
    /// <param name="dryRun">Counts without erasing.</param>
    /// <param name="cancellationToken">Ends the run between two batches; what was erased until then is written down.</param>
    public async Task<RetentionReport> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var plan = Plan();
        var runId = await database.WriteAsync((connection, transaction) => _table.BeginRunAsync(connection, transaction, time.GetUtcNow(), dryRun, plan.Cutoff));
        // What has no number yet could not be told from what never was.
        await sealer.SealAsync(cancellationToken);
        var payments = await EachBatchAsync(
            (connection, after) => _table.OldPaymentsAsync(connection, plan.Cutoff, after, BatchSize),
            ids => BatchAsync(runId, (connection, transaction) => PaymentsAsync(connection, transaction, plan, dryRun, ids)),
            cancellationToken);
        var requests = await EachBatchAsync(
            (connection, after) => _table.OldRequestsAsync(connection, plan.Cutoff, after, BatchSize),
            ids => BatchAsync(runId, (connection, transaction) => RequestsAsync(connection, transaction, plan, dryRun, ids)),
            cancellationToken);
        var captures = await EraseCapturesAsync(runId, plan, dryRun, cancellationToken);
        var all = payments + requests;
        var forgotten = dryRun || all.Payments + all.Requests + captures == 0 || await ForgetAsync(cancellationToken);

        var oldest = await database.ReadAsync(RetentionTable.OldestAsync, cancellationToken);
        await database.WriteAsync(async (connection, transaction) =>
        {
            await RetentionTable.EndRunAsync(connection, transaction, runId, time.GetUtcNow(), oldest);
            return true;
        });
        logger.LogInformation(
            "Retention {Kind}: {Payments} payments, {Requests} requests and {Captures} captured messages of no payment past {Years} years, {Held} payments held by requests or legal holds",
            dryRun ? "dry run" : "run", all.Payments, all.Requests, captures, plan.Years, all.Held);
        return new RetentionReport(runId, dryRun, plan, all.Payments, all.Requests, all.Held, oldest, forgotten) { Captures = captures };
    }

    /// <inheritdoc/>
    public async Task<RetentionRun> TryAsync(CancellationToken cancellationToken)
    {
        var report = await RunAsync(dryRun: true, cancellationToken);
        return (await RunsAsync(Listed, cancellationToken)).First(run => run.Id == report.RunId);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken) => _table.RunsAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountInsideTermAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => RetentionTable.CountSinceAsync(connection, Plan().Cutoff), cancellationToken);

    private RetentionPlan Plan() => RetentionPlan.Of(time.GetUtcNow(), options.RetentionYears);

    private async Task<Tally> EachBatchAsync(
        Func<DbConnection, OldRow?, Task<IReadOnlyList<OldRow>>> next, Func<IReadOnlyList<long>, Task<Tally>> batch, CancellationToken cancellationToken)
    {
        var all = Tally.None;
        OldRow? last = null;
        while (true)
        {
            var page = await database.ReadAsync(connection => next(connection, last), cancellationToken);
            if (page.Count == 0)
            {
                return all;
            }

            all += await batch([.. page.Select(row => row.Id)]);
            last = page[^1];
        }
    }

    private async Task<long> EraseCapturesAsync(long runId, RetentionPlan plan, bool dryRun, CancellationToken cancellationToken)
    {
        var erased = 0L;
        OldRow? last = null;
        while (await _captures.OldAsync(plan.Cutoff, last, BatchSize, cancellationToken) is { Count: > 0 } page)
        {
            long[] ids = [.. page.Select(row => row.Id)];
            erased += await database.WriteAsync(async (connection, transaction) =>
            {
                if (dryRun)
                {
                    await CaptureTable.CountErasedAsync(connection, transaction, runId, ids.Length);
                    return ids.Length;
                }

                await HoldTable.LockAsync(database, connection, transaction);
                var gone = await CaptureTable.EraseAsync(connection, transaction, runId, ids);
                await erasures.SealAsync(connection, transaction, plan.Cutoff, (SealedKind.Capture, gone));
                return gone.Count;
            });
            last = page[^1];
        }

        return erased;
    }

    private async Task<bool> ForgetAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; !await database.ForgetErasedAsync(); tries++)
        {
            if (tries == ForgetTries)
            {
                logger.LogWarning("Erased bytes may stay in the database's log until it is next emptied: somebody reads without a pause");
                return false;
            }

            await Task.Delay(s_forgetPause, time, cancellationToken);
        }

        return true;
    }

    /// <summary>What may go is looked up in the transaction that erases it: a request may have come in since the page was read.</summary>
    private Task<Tally> BatchAsync(long runId, Func<DbConnection, DbTransaction, Task<Tally>> erase) => database.WriteAsync(async (connection, transaction) =>
    {
        await HoldTable.LockAsync(database, connection, transaction);
        var tally = await erase(connection, transaction);
        await RetentionTable.AddToRunAsync(connection, transaction, runId, tally.Payments, tally.Requests, tally.Held);
        return tally;
    });

    private async Task<Tally> PaymentsAsync(DbConnection connection, DbTransaction transaction, RetentionPlan plan, bool dryRun, IReadOnlyList<long> ids)
    {
        var payments = await _table.ErasablePaymentsAsync(connection, transaction, plan.Cutoff, ids);
        var requests = await _table.RequestsOfAsync(connection, transaction, payments);
        if (!dryRun)
        {
            using var span = Traces.Source.StartActivity("customs.erase");
            await erasures.SealAsync(connection, transaction, plan.Cutoff, (SealedKind.Payment, payments), (SealedKind.Request, requests));
            await _table.EraseRequestsAsync(connection, transaction, requests);
            await CaptureTable.EraseOfPaymentsAsync(connection, transaction, payments);
            await _table.ErasePaymentsAsync(connection, transaction, payments);
        }

        return new Tally(payments.Count, requests.Count, ids.Count - payments.Count);
    }

    private async Task<Tally> RequestsAsync(DbConnection connection, DbTransaction transaction, RetentionPlan plan, bool dryRun, IReadOnlyList<long> ids)
    {
        var requests = await _table.ErasableRequestsAsync(connection, transaction, plan.Cutoff, ids);
        if (!dryRun)
        {
            using var span = Traces.Source.StartActivity("customs.erase");
            await erasures.SealAsync(connection, transaction, plan.Cutoff, (SealedKind.Request, requests));
            await _table.EraseRequestsAsync(connection, transaction, requests);
        }

        return new Tally(0, requests.Count, 0);
    }

    private sealed record Tally(int Payments, int Requests, int Held)
    {
        public static readonly Tally None = new(0, 0, 0);

        public static Tally operator +(Tally left, Tally right) =>
            new(left.Payments + right.Payments, left.Requests + right.Requests, left.Held + right.Held);
    }
}
