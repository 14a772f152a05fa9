using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>Tells people what only they can move at the bridge: an order, or a merchant whose pushes have stopped.</summary>
internal sealed class BridgeNotice(AlertOutbox alerts)
{
    /// <summary>The change, with what people are to be told of it, if anything; nobody is told twice of what stood so already.</summary>
    /// <param name="order">As it stood.</param>
    /// <param name="change">What it comes to.</param>
    public BridgeChange With(BridgeOrder order, BridgeChange change)
    {
        return change.State == order.State && change.Reason == order.Reason && !change.StopsMerchant ? change : change with
        {
            Also = change switch
            {
                { StopsMerchant: true } => Telling(
                    AlertKind.PushesStopped, NoticeLevel.Alarm, Words.Of($"商户 {order.Merchant} 的推单已停止", $"Pushes of merchant {order.Merchant} have stopped")),
                { State: BridgeState.DataError or BridgeState.NeedsPerson } => Telling(
                    AlertKind.PushNeedsPerson, NoticeLevel.Warning, Words.Of($"推单需人工处理：订单 {order.OrderNo}", $"An order at the bridge needs a person: {order.OrderNo}")),
                { State: BridgeState.Done, Reason.Length: > 0 } => Telling(
                    AlertKind.PushNotArchived, NoticeLevel.Warning, Words.Of($"订单 {order.OrderNo} 已支付并报关，但未能存证", $"Order {order.OrderNo} is paid and declared, but not in the archive")),
                _ => null,
            },
        };

        AlsoWrite Telling(AlertKind kind, NoticeLevel level, string subject) => alerts.Writing(new Alert(kind, order.Merchant, level, subject, change.Reason));
    }
}
