using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Completeness;

/// <summary>
/// 完整性核对: holds the records against what the ERP says was paid, against customs' deadlines and against each other, and writes down what is missing. People are told once of what was not
/// known; what is no longer missing is settled by the next run.
/// </summary>
internal sealed class CompletenessCheck(
    CompletenessTable table, AlertOutbox alerts, CustomsOptions options, TimeProvider time, ILogger<CompletenessCheck> logger, IPaidOrders? paidOrders = null) : ICompleteness
{
    /// <summary>Days before today whose paid orders the ERP is asked for; more where earlier runs could not ask. 7 days.</summary>
    private const int Days = 7;

    /// <summary>Orders that a run takes from the ERP. 1,000,000.</summary>
    private const int OrderLimit = 1_000_000;

    /// <summary>What was begun within this time may still get its counterpart. 1 hour.</summary>
    private static readonly TimeSpan s_underWay = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<CompletenessRun> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = new DateTimeOffset(now.ToOffset(ChinaTime.Offset).Date, ChinaTime.Offset);
        var from = until.AddDays(-Days);
        from = await table.CoveredAsync(cancellationToken) is { } covered && covered < from ? covered : from;
        var id = await table.BeginAsync(now, from, until);
        var (paid, problem) = await PaidAsync(from, until, cancellationToken);

        // What was found before is looked at again, also when its day is long past or the ERP cannot be asked.
        var earlier = (await table.StandingAsync(CompletenessKind.OrderWithoutPayment, OrderLimit, cancellationToken)).Select(finding => finding.What);
        IReadOnlyList<Incomplete> all =
        [
            .. await table.WithoutPaymentAsync([.. (paid ?? []).Concat(earlier).DistinctBy(order => order.Reference, StringComparer.Ordinal)], cancellationToken),
            .. await table.RequestsAsync(now, cancellationToken),
            .. await table.ExchangesAsync(now - s_underWay, cancellationToken),
        ];
        await table.SaveAsync(id, all, paid?.Count, problem, time.GetUtcNow(), fresh => alerts.Writing(AlertOf(fresh)));
        await table.EraseAsync(RetentionPlan.Of(now, options.RetentionYears).Cutoff);
        var run = (await RunsAsync(1, cancellationToken))[0];
        logger.LogInformation("Completeness: {Orders} paid orders of the ERP looked at, {Count} records incomplete, {Fresh} of them not known before {Problem}", run.Orders, run.Standing, run.Fresh, problem);
        return run;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CompletenessRun>> RunsAsync(int limit, CancellationToken cancellationToken) => table.RunsAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CompletenessFinding>> StandingAsync(int limit, CancellationToken cancellationToken) => table.StandingAsync(kind: null, limit, cancellationToken);

    private static Alert AlertOf(IReadOnlyDictionary<CompletenessKind, int> fresh)
    {
        var (orders, requests, exchanges) = (
            fresh.GetValueOrDefault(CompletenessKind.OrderWithoutPayment), fresh.GetValueOrDefault(CompletenessKind.RequestWithoutOutcome),
            fresh.GetValueOrDefault(CompletenessKind.ExchangeWithoutCounterpart));
        return new Alert(AlertKind.Incomplete, "", NoticeLevel.Warning, Words.Of("完整性核对有新发现", "The reconciliation found what was not known"), Words.Of(
            $"有订单无支付记录 {orders} 笔，有请求无结果 {requests} 条，有去无回 {exchanges} 条；详见「完整性核对」页面",
            $"{orders} paid orders without a payment, {requests} requests without an outcome, {exchanges} exchanges without a counterpart; the screen 完整性核对 lists them"));
    }

    private async Task<(IReadOnlyList<Incomplete>? Orders, string Problem)> PaidAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (paidOrders is null)
        {
            return (null, Words.Of("ERP 未提供已支付订单（IPaidOrders），该项未核对", "The ERP names no paid orders (IPaidOrders): these were not looked at"));
        }

        try
        {
            var orders = new List<Incomplete>();
            await foreach (var order in paidOrders.ListAsync(from, until, cancellationToken))
            {
                orders.Add(new Incomplete(CompletenessKind.OrderWithoutPayment, $"{order.Merchant} {order.OrderNo}", order.Merchant, order.OrderNo, order.PaidAt));
                if (orders.Count == OrderLimit)
                {
                    return (null, Words.Of($"ERP 返回超过 {OrderLimit:N0} 笔已支付订单，该项未核对", $"The ERP names more than {OrderLimit:N0} paid orders: these were not looked at"));
                }
            }

            return (orders, "");
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            // The ERP's own code: whatever it throws, the rest is looked at.
            logger.LogError(problem, "The ERP's paid orders could not be read");
            return (null, Words.Of($"读取 ERP 已支付订单出错（{problem.GetType().Name}），该项未核对", $"The ERP's paid orders could not be read ({problem.GetType().Name}): these were not looked at"));
        }
    }
}
