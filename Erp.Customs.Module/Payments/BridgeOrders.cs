using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// The door through which orders come to the bridge: checked, then stored, then pushed by <see cref="BridgeWork"/>. What may be handed in again, and how, is decided here
/// (protocol.md section 4): a corrected order with A while the bridge has taken none, with U after it has taken one with 0000 or 9905, never after 9906.
/// </summary>
internal sealed class BridgeOrders(
    BridgeTable table, BridgeOrderRules rules, BridgeSweep sweep, CustomsCodes codes, CustomsOptions options, TimeProvider time, ILogger<BridgeOrders> logger) : IOrderPushes
{
    /// <summary>Checks and stores an order.</summary>
    public async Task<PushReceipt> PushAsync(OrderPush push, CancellationToken cancellationToken)
    {
        if (options.Bridge is not { } bridge)
        {
            return Refused(PushOutcome.Conflict, Words.Of("未设置 Customs:Bridge:BaseUrl，推单功能未启用", "Customs:Bridge:BaseUrl is not set: no order is pushed"));
        }

        if (!options.Merchants.TryGetValue(push.Merchant, out var merchant) || merchant.Bridge is null)
        {
            var unknown = Words.Of("merchant: 该商户未设置 Customs:Merchants:<名称>:Bridge", "merchant: there is no Customs:Merchants:<name>:Bridge of this name");
            return new PushReceipt(PushOutcome.Invalid, "", unknown, [unknown], []);
        }

        var violations = rules.Check(push, merchant.Bridge);
        if (violations.Count > 0)
        {
            return new PushReceipt(PushOutcome.Invalid, "", string.Join("; ", violations), violations, []);
        }

        var content = PushContent.Store(push with { Merchant = merchant.Name }, BridgeOrderRules.Flags(push, bridge.Rehearsal));
        var receipt = await StoreAsync(content).WaitAsync(cancellationToken);
        sweep.Wake();
        return receipt;
    }

    /// <summary>Reads how an order stands; <see langword="null"/> when there is none, or several and nobody said whose is meant.</summary>
    public async Task<PushStatus?> FindAsync(string orderNo, string? merchant, CancellationToken cancellationToken)
    {
        var found = (await table.FindByNumberAsync(orderNo, cancellationToken))
            .Where(order => merchant is null || string.Equals(order.Merchant, merchant, StringComparison.OrdinalIgnoreCase)).ToList();
        return found is [var only]
            ? Status(only, (await table.StopsAsync(cancellationToken)).Any(stop => stop.Merchant == only.Merchant))
            : null;
    }

    /// <summary>A person lets a stopped merchant's orders be pushed again.</summary>
    /// <returns><see langword="false"/> when they were not stopped.</returns>
    public async Task<bool> ReopenAsync(string merchant, string by, CancellationToken cancellationToken)
    {
        var name = options.Merchants.TryGetValue(merchant, out var known) ? known.Name : merchant;
        var reopened = await table.ReopenAsync(name, by).WaitAsync(cancellationToken);
        sweep.Wake();
        return reopened;
    }

    /// <inheritdoc/>
    public async Task<bool> PushAgainAsync(long id, string by)
    {
        var again = await table.PushAgainAsync(id);
        logger.LogInformation("{User} wanted order {BridgeOrderId} pushed again: {Again}", by, id, again);
        sweep.Wake();
        return again;
    }

    /// <inheritdoc/>
    public async Task<bool> AskNowAsync(long id, string by)
    {
        var asked = await table.AskAsync(id);
        logger.LogInformation("{User} wanted the bridge asked about order {BridgeOrderId}: {Asked}", by, id, asked);
        sweep.Wake();
        return asked;
    }

    /// <inheritdoc/>
    public OrderPush Read(BridgeOrder order)
    {
        var push = PushContent.Read(order);
        return options.Merchants.TryGetValue(order.Merchant, out var merchant) && merchant.Bridge is { } bridge
            ? push with { CustomsCode = CustomsCodes.Effective(push.CustomsCode, bridge) }
            : push;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> CustomsNames => codes.Names;

    private Task<PushReceipt> StoreAsync(NewPush push) => table.DecideAsync(async (connection, transaction) =>
    {
        var stored = await table.FindAsync(connection, transaction, push.Merchant, push.OrderNo);
        if (stored is null && !options.OrderNumbersOverlap && await BridgeTable.IsAnothersAsync(connection, transaction, push.Merchant, push.OrderNo))
        {
            return Refused(PushOutcome.Conflict, Words.Of("该订单号已属于另一商户", "This order number is another merchant's already"));
        }

        if (stored is not null && IsRepeated(stored, push))
        {
            return new PushReceipt(PushOutcome.AlreadyTaken, EnumWords<BridgeState>.Word(stored.State), "", [], stored.Flags);
        }

        if (WhyNot(stored, push.Operation) is { } sentence)
        {
            return Refused(PushOutcome.Conflict, sentence);
        }

        var flags = push.Flags;
        if (stored is null)
        {
            await table.InsertAsync(connection, transaction, push);
        }
        else
        {
            flags = [.. flags, .. stored.Flags.Where(flag => flag == BridgeFlags.ExistedBefore)];
            await table.ReplaceAsync(connection, transaction, stored.Id, push with { Flags = flags });
        }

        return new PushReceipt(PushOutcome.Taken, EnumWords<BridgeState>.Word(BridgeState.Pending), "", [], flags);
    });

    /// <summary>The same content says nothing new, unless the order stands still and an update of it is asked for.</summary>
    private static bool IsRepeated(BridgeOrder stored, NewPush push) =>
        stored.ContentSha256.AsSpan().SequenceEqual(push.ContentSha256)
        && (stored.Operation == push.Operation || stored.State is not (BridgeState.DataError or BridgeState.NeedsPerson));

    private string? WhyNot(BridgeOrder? stored, string operation)
    {
        if (stored is null)
        {
            return operation == "U" ? Words.Of("该订单尚未推送，应先用 A 新增", "This order was never pushed: add it with A first") : null;
        }

        if (stored.State == BridgeState.Done || stored.TakenCode == "9906")
        {
            return Words.Of("该订单已支付并报关，不能再推送或更新", "The order is paid and declared: it is neither pushed nor updated any more");
        }

        var isUpdate = operation == "U";
        if (isUpdate != stored.TakenCode is "0000" or "9905")
        {
            return isUpdate
                ? Words.Of("资方尚未接收该订单（0000 或 9905），请用 A", "The bridge has not taken this order yet (0000 or 9905): use A")
                : Words.Of("资方已接收该订单，更改请用 U", "The bridge has taken this order: change it with U");
        }

        // An A that may have arrived is not overtaken by another one: which of them the bridge has would be unknown.
        var underWay = stored.State is BridgeState.Pending or BridgeState.WaitingRetry;
        var held = stored.LeaseUntil > time.GetUtcNow();
        return underWay && (held || (!isUpdate && stored.Attempts > 0))
            ? Words.Of("该订单正在推送，结果确定后才能更改", "The order is being pushed: it can be changed when the outcome is known")
            : null;
    }

    private PushStatus Status(BridgeOrder order, bool stopped) => new(
        order.OrderNo,
        order.Merchant,
        EnumWords<BridgeState>.Word(order.State),
        order.Operation,
        Read(order).CustomsCode,
        order.Code,
        order.Reason,
        order.Flags,
        order.Attempts,
        order.Polls,
        order.PaymentNo,
        order.PaymentStatus,
        order.PaidAt,
        order.Archived,
        order.CreatedAt,
        order.ChangedAt,
        order.FinishedAt,
        order.NextAttemptAt,
        stopped);

    private static PushReceipt Refused(PushOutcome outcome, string sentence) => new(outcome, "", sentence, [], []);
}
