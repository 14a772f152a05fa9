using System.Text;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// The way of one order at the bridge: pushed, asked about, archived, one call at a time. Only this class changes states, and only under the fence of its claim;
/// only GetOrder's answer makes an order paid and declared. What an answer means is judged by <see cref="BridgeOutcomes"/>.
/// </summary>
internal sealed class BridgeWork(
    BridgeTable orders,
    BridgeClient bridge,
    BridgeOutcomes outcomes,
    BridgeArchiver archiver,
    BridgeNotice notice,
    CustomsOptions options,
    CustomsMetrics metrics,
    TimeProvider time,
    ILogger<BridgeWork> logger)
{
    /// <summary>How long a claim holds: longer than one call and its saving may take. The default value is 3 minutes.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    private readonly UnsavedClaims _unsaved = new();

    /// <summary>The orders that are due now and that nobody holds, the longest waiting first.</summary>
    public async Task<IReadOnlyList<long>> DueAsync(int limit, CancellationToken cancellationToken)
    {
        await _unsaved.ReleaseAsync(orders.ReleaseAsync);
        return await orders.DueAsync(limit, cancellationToken);
    }

    /// <summary>Works on one order as far as one call goes.</summary>
    /// <returns>Whether it is due again at once.</returns>
    public async Task<bool> RunAsync(long id, CancellationToken cancellationToken)
    {
        if (await orders.ClaimAsync(id, Lease) is not { } order)
        {
            return false;
        }

        try
        {
            return await RunAsync(order, cancellationToken);
        }
        catch
        {
            _unsaved.Add(order.Id, order.Fence);
            throw;
        }
    }

    private async Task<bool> RunAsync(BridgeOrder order, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope("Order {OrderNo} at the bridge", order.OrderNo);
        BridgeChange? change;
        try
        {
            change = await StepAsync(order, cancellationToken);
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "Order {BridgeOrderId} at the bridge was left by an unexpected error", order.Id);
            change = await LeaveAsync(order, outcomes.Later(order, "", Words.Of($"系统内部错误（{problem.GetType().Name}），稍后重试", $"Internal error ({problem.GetType().Name}); tried again")));
        }

        if (change is null)
        {
            logger.LogWarning("Order {BridgeOrderId} at the bridge: it was changed or taken over meanwhile", order.Id);
            return false;
        }

        logger.LogInformation("Order {BridgeOrderId} at the bridge stands at {State} {Code}", order.Id, EnumWords<BridgeState>.Word(change.State), change.Code);
        metrics.Bridged(change.State);
        return change.NextAttemptAt <= time.GetUtcNow();
    }

    /// <returns>What was saved, or <see langword="null"/> when the claim was lost meanwhile.</returns>
    private async Task<BridgeChange?> StepAsync(BridgeOrder order, CancellationToken cancellationToken)
    {
        if (!options.Merchants.TryGetValue(order.Merchant, out var merchant) || merchant.Bridge is not { } atBridge)
        {
            return await LeaveAsync(order, new BridgeChange(
                order.State == BridgeState.Done ? BridgeState.Done : BridgeState.NeedsPerson, order.Code,
                Words.Of($"商户 {order.Merchant} 已没有 Customs:Merchants:{order.Merchant}:Bridge 设置", $"Merchant {order.Merchant} has no settings under Customs:Merchants:{order.Merchant}:Bridge any more"),
                order.Flags, NextAttemptAt: null));
        }

        if (order.State == BridgeState.Done)
        {
            return await LeaveAsync(order, await archiver.StoreAsync(order, merchant.Name, atBridge, cancellationToken));
        }

        var isPush = !order.Asked && order.State is BridgeState.Pending or BridgeState.WaitingRetry;
        return isPush ? await PushAsync(order, atBridge, cancellationToken) : await AskAsync(order, atBridge);
    }

    /// <summary>Not cancelled by a stopping module: the answer to bytes that are on their way is worth waiting for.</summary>
    private async Task<BridgeChange?> PushAsync(BridgeOrder order, BridgeMerchantOptions merchant, CancellationToken cancellationToken)
    {
        var mayBeThere = order.Attempts > 0 && await orders.HasUnansweredPushAsync(order.Id, cancellationToken);
        var body = Encoding.UTF8.GetBytes(PushBody.Push(PushContent.Read(order), merchant));
        return await CallAsync(order, BridgeExchangeKind.Push, body, bridge.PushAsync, answer => outcomes.AfterPush(order, answer, mayBeThere));
    }

    private Task<BridgeChange?> AskAsync(BridgeOrder order, BridgeMerchantOptions merchant)
    {
        var body = Encoding.UTF8.GetBytes(PushBody.Get(order.OrderNo, merchant));
        return CallAsync(order, BridgeExchangeKind.Get, body, bridge.GetAsync, answer => outcomes.AfterAsking(order, answer));
    }

    private async Task<BridgeChange?> CallAsync(
        BridgeOrder order, BridgeExchangeKind kind, byte[] body, Func<byte[], Task<BridgeAnswer>> call, Func<BridgeAnswer, BridgeChange> judge)
    {
        var started = time.GetUtcNow();
        if (await orders.BeginAsync(order.Id, order.Fence, kind, body) is not { } exchangeId)
        {
            return null;
        }

        var answer = await call(body);
        // An answer about another order tells nothing about ours.
        if (answer.Reply is { OrderNo.Length: > 0 } reply && reply.OrderNo != order.OrderNo)
        {
            answer = answer with { Arrival = Arrival.Perhaps, Reply = null, Error = "an answer about another order" };
        }

        var change = notice.With(order, judge(answer));
        var exchange = new BridgeExchange(exchangeId, kind, started, time.GetUtcNow(), answer.Arrival, answer.HttpStatus, body, answer.Body, answer.Reply?.Code, answer.Error);
        return await orders.EndAsync(order.Id, order.Fence, exchange, change) ? change : null;
    }

    private async Task<BridgeChange?> LeaveAsync(BridgeOrder order, BridgeChange change) => await orders.ChangeAsync(order.Id, order.Fence, notice.With(order, change)) ? change : null;
}
