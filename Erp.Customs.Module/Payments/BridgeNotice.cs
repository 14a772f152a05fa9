using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>Tells people what only they can move at the bridge: an order, or a merchant whose pushes have stopped.</summary>
internal sealed class BridgeNotice(AlertOutbox alerts)
{
    /// <summary>Tells, if the change is one for a person.</summary>
    public Task TellAsync(BridgeOrder order, BridgeChange change)
    {
        return change switch
        {
            { StopsMerchant: true } => RaiseAsync(
                AlertKind.PushesStopped, NoticeLevel.Alarm, Words.Of($"商户 {order.Merchant} 的推单已停止", $"Pushes of merchant {order.Merchant} have stopped")),
            { State: BridgeState.DataError or BridgeState.NeedsPerson } => RaiseAsync(
                AlertKind.PushNeedsPerson, NoticeLevel.Warning, Words.Of($"推单需人工处理：订单 {order.OrderNo}", $"An order at the bridge needs a person: {order.OrderNo}")),
            { State: BridgeState.Done, Reason.Length: > 0 } => RaiseAsync(
                AlertKind.PushNotArchived, NoticeLevel.Warning, Words.Of($"订单 {order.OrderNo} 已支付并报关，但未能存证", $"Order {order.OrderNo} is paid and declared, but not in the archive")),
            _ => Task.CompletedTask,
        };

        Task RaiseAsync(AlertKind kind, NoticeLevel level, string subject) => alerts.RaiseAsync(new Alert(kind, order.Merchant, level, subject, change.Reason));
    }
}
