using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>Tells the host's people what only they can move at the bridge: an order, or a merchant whose pushes have stopped.</summary>
internal sealed class BridgeNotice(CustomsOptions options, ILogger<BridgeNotice> logger, INotifier? notifier = null)
{
    /// <summary>How long the host may take. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Tells, if the change is one for a person.</summary>
    public Task TellAsync(BridgeOrder order, BridgeChange change) => change switch
    {
        { StopsMerchant: true } => TellAsync(
            NoticeLevel.Alarm, Words.Of($"商户 {order.Merchant} 的推单已停止", $"Pushes of merchant {order.Merchant} have stopped"), change.Reason),
        { State: BridgeState.DataError or BridgeState.NeedsPerson } => TellAsync(
            NoticeLevel.Warning, Words.Of($"推单需人工处理：订单 {order.OrderNo}", $"An order at the bridge needs a person: {order.OrderNo}"), change.Reason),
        { State: BridgeState.Done, Reason.Length: > 0 } => TellAsync(
            NoticeLevel.Warning, Words.Of($"订单 {order.OrderNo} 已支付并报关，但未能存证", $"Order {order.OrderNo} is paid and declared, but not in the archive"), change.Reason),
        _ => Task.CompletedTask,
    };

    private async Task TellAsync(NoticeLevel level, string subject, string text)
    {
        if (notifier is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await notifier.NotifyAsync(new Notice(level, subject, text, options.BasePath + "/admin"), limit.Token);
        }
        catch (Exception problem)
        {
            logger.LogWarning("The host could not be told about the bridge: {Problem}", problem.GetType().Name);
        }
    }
}
