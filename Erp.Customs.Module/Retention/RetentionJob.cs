using System.Data.Common;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Retention;

/// <summary>
/// Erases what is past its term: payments with their versions, orders and the requests answered from them; requests that were never answered; messages that were captured, with their payment or,
/// where no payment ever had them, when they are as old; orders at the bridge, after their payments. A payment's term runs from its success, from the end of delivery or after-sales of its
/// orders, and from the last request about them, whichever is latest; anything stays while a legal hold keeps it. In small batches, so that inserts keep going between them.
/// Of each batch a sealed record stays that says which numbers of the evidence went.
/// </summary>
internal sealed class RetentionJob(
    CustomsDatabase database, Sealer sealer, Erasures erasures, IOldPushes pushes, ClockTrust clock, TimeProvider time, CustomsOptions options, ILogger<RetentionJob> logger) : IRetention
{
    /// <summary>How often it is tried to leave no trace of erased bytes while somebody reads. 10 times, a second apart.</summary>
    private const int ForgetTries = 10;

    private static readonly TimeSpan s_forgetPause = TimeSpan.FromSeconds(1);

    /// <summary>Between two lines of progress in the log. The default value is 5 seconds.</summary>
    private static readonly TimeSpan s_progressPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs among which one that has just ended is looked for. 10.</summary>
    private const int Listed = 10;

    private readonly RetentionTable _table = new(database);
    private readonly CaptureTable _captures = new(database);
    private readonly PaymentTable _payments = new(database);
    private readonly HoldTable _holds = new(database);
    private readonly OperationTable _operations = new(database);
    private long _running;

    /// <inheritdoc/>
    public long? Running => Interlocked.Read(ref _running) is > 0 and var id ? id : null;

    /// <summary>Runs once and writes the run down.</summary>
    /// <param name="dryRun">Counts without erasing.</param>
    /// <param name="cancellationToken">Ends the run between two batches; what was erased until then is written down.</param>
    public Task<RetentionReport> RunAsync(bool dryRun, CancellationToken cancellationToken) => RunAsync(dryRun, confirmedBy: "", cancellationToken);

    /// <inheritdoc/>
    public async Task<RetentionRun> TryAsync(string confirmedBy, CancellationToken cancellationToken)
    {
        if (confirmedBy.Length > 0)
        {
            clock.Confirm();
            logger.LogWarning("{User} confirmed the clock: retention erases by it again", confirmedBy);
        }

        var report = await RunAsync(dryRun: true, confirmedBy, cancellationToken);
        return (await RunsAsync(Listed, cancellationToken)).First(run => run.Id == report.RunId);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken) => _table.RunsAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public Task<KeptInTerm> KeptAsync(CancellationToken cancellationToken) => _table.KeptAsync(Plan().Cutoff, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> WhyKeepAsync(CancellationToken cancellationToken)
    {
        var (plan, standing) = (Plan(), await _holds.StandingAsync(cancellationToken));
        var kept = await _table.KeptAsync(plan.Cutoff, cancellationToken);
        if (!kept.IsAny && standing.Count == 0)
        {
            return null;
        }

        var (zh, en) = (new List<string>(), new List<string>());
        if (kept.IsAny)
        {
            zh.Add($"仍有 {kept.Payments:N0} 笔支付记录、{kept.Requests:N0} 条海关请求、{kept.Captures:N0} 条采集报文、{kept.Pushes:N0} 笔推单在 {plan.Years} 年留存期内"
                + (kept.First is { } first ? $"，最早的支付至 {Day(plan.Over(first))} 期满" : "") + (kept.Last is { } last ? $"，最晚的记录至 {Day(plan.Over(last))} 期满" : ""));
            en.Add($"{kept.Payments:N0} payments, {kept.Requests:N0} requests of customs, {kept.Captures:N0} captured messages and {kept.Pushes:N0} pushed orders are inside their term of {plan.Years} years"
                + (kept.First is { } oldest ? $"; the first payment's is over on {Day(plan.Over(oldest))}" : "") + (kept.Last is { } newest ? $", that of the last record on {Day(plan.Over(newest))}" : ""));
        }

        if (standing.Count > 0)
        {
            var held = await _holds.CountHeldAsync(cancellationToken);
            var numbers = string.Join(", ", standing.Select(hold => $"{hold.Id} ({Day(hold.PlacedAt)})"));
            zh.Add($"{standing.Count:N0} 项法定保全未解除（编号与设置日期：{numbers}），涉及 {held:N0} 笔支付记录");
            en.Add($"{standing.Count:N0} legal holds stand (number and day of placing: {numbers}), on {held:N0} payments");
        }

        return Words.Of(string.Join('；', zh) + "。不能卸载；可停用并保留档案", string.Join("; ", en) + ". The data must stay; the module may be detached and the archive left readable");
    }

    private static string Day(DateTimeOffset time) => ChinaTime.ToScreen(time)[..10];

    private RetentionPlan Plan() => RetentionPlan.Of(time.GetUtcNow(), options.RetentionYears);

    private async Task<RetentionReport> RunAsync(bool dryRun, string confirmedBy, CancellationToken cancellationToken)
    {
        // A run that is ended at once is written down all the same.
        var doubt = confirmedBy.Length > 0 ? "" : await clock.WhyNotAsync(CancellationToken.None) ?? "";
        var plan = Plan();
        var total = 0L;
        var runId = await database.WriteAsync(async (connection, transaction) =>
        {
            total = await RetentionTable.CountOldAsync(connection, transaction, plan.Cutoff);
            return await _table.BeginRunAsync(connection, transaction, time.GetUtcNow(), dryRun || doubt.Length > 0, plan.Cutoff, total, doubt, confirmedBy);
        });
        Interlocked.Exchange(ref _running, runId);
        try
        {
            return await RunAsync(new Run(runId, dryRun || doubt.Length > 0, plan, total, time.GetTimestamp()), doubt, cancellationToken);
        }
        finally
        {
            Interlocked.CompareExchange(ref _running, 0, runId);
        }
    }

    private async Task<RetentionReport> RunAsync(Run run, string doubt, CancellationToken cancellationToken)
    {
        // What has no number yet could not be told from what never was.
        await sealer.SealAsync(cancellationToken);
        await EachBatchAsync(
            run, (connection, after) => _table.OldPaymentsAsync(connection, run.Plan.Cutoff, after, RetentionPlan.BatchSize), ids => PaymentsAsync(run, ids, cancellationToken), cancellationToken);
        await EachBatchAsync(
            run, (connection, after) => _table.OldRequestsAsync(connection, run.Plan.Cutoff, after, RetentionPlan.BatchSize),
            ids => BatchAsync(run, (connection, transaction) => RequestsAsync(connection, transaction, run, ids)),
            cancellationToken);
        var captures = await EraseCapturesAsync(run, cancellationToken);
        run.All += await PushesAsync(run, cancellationToken);
        if (!run.DryRun)
        {
            await EachBatchAsync(
                run, (connection, after) => _table.OldEndsAsync(connection, run.Plan.Cutoff, after, RetentionPlan.BatchSize),
                ids => BatchAsync(run, (connection, transaction) => EndsAsync(connection, transaction, run, ids)),
                cancellationToken);
            await _operations.EraseAsync(run.Plan.Cutoff);
        }

        var forgotten = run.DryRun || run.All.Payments + run.All.Requests + run.All.Pushes + captures == 0 || await ForgetAsync(cancellationToken);
        var oldest = await database.ReadAsync(RetentionTable.OldestAsync, cancellationToken);
        await database.WriteAsync(async (connection, transaction) =>
        {
            await RetentionTable.EndRunAsync(connection, transaction, run.Id, time.GetUtcNow(), oldest, traces: !forgotten);
            return true;
        });
        logger.LogInformation(
            "Retention {Kind}: {Payments} payments worth {Amounts}, {Requests} requests, {Captures} captured messages of no payment and {Orders} orders at the bridge past {Years} years; {Held} payments kept for a later end, a request or a legal hold, {OnHold} of them by a legal hold",
            run.DryRun ? "dry run" : "run", run.All.Payments, run.Amounts.ToString(), run.All.Requests, captures, run.All.Pushes, run.Plan.Years, run.All.Held, run.All.OnHold);
        return new RetentionReport(run.Id, run.DryRun, run.Plan, run.All.Payments, run.All.Requests, run.All.Held, oldest, forgotten)
        {
            Captures = captures,
            Pushes = run.All.Pushes,
            OnHold = run.All.OnHold,
            Amounts = run.Amounts.ToString(),
            Doubt = doubt,
        };
    }

    private async Task EachBatchAsync(
        Run run, Func<DbConnection, OldRow?, Task<IReadOnlyList<OldRow>>> next, Func<IReadOnlyList<long>, Task<RetentionTally>> batch, CancellationToken cancellationToken)
    {
        OldRow? last = null;
        while (true)
        {
            var page = await database.ReadAsync(connection => next(connection, last), cancellationToken);
            if (page.Count == 0)
            {
                return;
            }

            run.All += await batch([.. page.Select(row => row.Id)]);
            last = page[^1];
            if (time.GetElapsedTime(run.ShownAt) >= s_progressPause)
            {
                run.ShownAt = time.GetTimestamp();
                logger.LogInformation("Retention goes on: {Payments} of {Count} payments looked at, {Requests} requests gone", run.All.Payments + run.All.Held, run.Total, run.All.Requests);
            }
        }
    }

    private async Task<long> EraseCapturesAsync(Run run, CancellationToken cancellationToken)
    {
        var erased = 0L;
        OldRow? last = null;
        while (await _captures.OldAsync(run.Plan.Cutoff, last, RetentionPlan.BatchSize, cancellationToken) is { Count: > 0 } page)
        {
            long[] ids = [.. page.Select(row => row.Id)];
            erased += await database.WriteAsync(async (connection, transaction) =>
            {
                if (run.DryRun)
                {
                    await CaptureTable.CountErasedAsync(connection, transaction, run.Id, ids.Length);
                    return ids.Length;
                }

                await HoldTable.LockAsync(database, connection, transaction);
                var gone = await CaptureTable.EraseAsync(connection, transaction, run.Id, ids);
                await erasures.SealAsync(connection, transaction, run.Plan, (SealedKind.Capture, gone));
                return gone.Count;
            });
            last = page[^1];
        }

        return erased;
    }

    private async Task<RetentionTally> PushesAsync(Run run, CancellationToken cancellationToken)
    {
        if (!run.DryRun)
        {
            return new RetentionTally(Pushes: (int)await pushes.EraseAsync(
                run.Plan, (connection, transaction, erased) => AddAsync(connection, transaction, run, new RetentionTally(Pushes: erased)), cancellationToken));
        }

        var counted = new RetentionTally(Pushes: (int)await pushes.CountAsync(run.Plan, cancellationToken));
        return await BatchAsync(run, (_, _) => Task.FromResult(counted));
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
    private Task<RetentionTally> BatchAsync(Run run, Func<DbConnection, DbTransaction, Task<RetentionTally>> erase) => database.WriteAsync(async (connection, transaction) =>
    {
        await HoldTable.LockAsync(database, connection, transaction);
        var tally = await erase(connection, transaction);
        await AddAsync(connection, transaction, run, tally);
        return tally;
    });

    private static Task AddAsync(DbConnection connection, DbTransaction transaction, Run run, RetentionTally tally) =>
        RetentionTable.AddToRunAsync(connection, transaction, run.Id, tally, run.Amounts.ToString());

    /// <summary>The amounts are read before, so that nobody who writes waits for it.</summary>
    private async Task<RetentionTally> PaymentsAsync(Run run, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var facts = (await database.ReadAsync(connection => _payments.FactsOfAsync(connection, ids), cancellationToken)).Where(one => one.Facts.Length > 0).ToDictionary(one => one.Id, one => FactsJson.Read(one.Facts));
        var before = run.Amounts;
        return await BatchAsync(run, async (connection, transaction) =>
        {
            var payments = await _table.ErasablePaymentsAsync(connection, transaction, run.Plan.Cutoff, ids);
            run.Amounts = before.With(payments.Where(facts.ContainsKey).Select(id => facts[id]));
            var requests = await _table.RequestsOfAsync(connection, transaction, payments);
            var onHold = payments.Count == ids.Count ? 0 : await _table.OnHoldAsync(connection, transaction, ids);
            if (!run.DryRun)
            {
                using var span = Traces.Source.StartActivity("customs.erase");
                await erasures.SealAsync(connection, transaction, run.Plan, (SealedKind.Payment, payments), (SealedKind.Request, requests));
                await _table.EraseRequestsAsync(connection, transaction, requests);
                await CaptureTable.EraseOfPaymentsAsync(connection, transaction, payments);
                await _table.ErasePaymentsAsync(connection, transaction, payments);
            }

            return new RetentionTally(payments.Count, requests.Count, ids.Count - payments.Count, onHold);
        });
    }

    private async Task<RetentionTally> RequestsAsync(DbConnection connection, DbTransaction transaction, Run run, IReadOnlyList<long> ids)
    {
        var requests = await _table.ErasableRequestsAsync(connection, transaction, run.Plan.Cutoff, ids);
        if (!run.DryRun)
        {
            using var span = Traces.Source.StartActivity("customs.erase");
            await erasures.SealAsync(connection, transaction, run.Plan, (SealedKind.Request, requests));
            await _table.EraseRequestsAsync(connection, transaction, requests);
        }

        return new RetentionTally(Requests: requests.Count);
    }

    private async Task<RetentionTally> EndsAsync(DbConnection connection, DbTransaction transaction, Run run, IReadOnlyList<long> ids)
    {
        await erasures.SealAsync(connection, transaction, run.Plan, (SealedKind.OrderEnd, ids));
        await _table.EraseEndsAsync(connection, transaction, ids);
        return new RetentionTally();
    }

    /// <summary>A run while it goes on.</summary>
    private sealed class Run(long id, bool dryRun, RetentionPlan plan, long total, long began)
    {
        public long Id => id;

        public bool DryRun => dryRun;

        public RetentionPlan Plan => plan;

        /// <summary>Payments that it has to look at.</summary>
        public long Total => total;

        public RetentionTally All { get; set; } = new();

        /// <summary>Of the payments that went.</summary>
        public RetentionAmounts Amounts { get; set; } = RetentionAmounts.None;

        /// <summary>When the last line of progress was written.</summary>
        public long ShownAt { get; set; } = began;
    }
}
