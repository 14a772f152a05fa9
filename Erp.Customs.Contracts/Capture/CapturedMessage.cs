namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// A message between the ERP and a payment company as it was sent or received, joined with the others of its payment by the platform's trade number (商户订单号, out_trade_no).
/// </summary>
/// <param name="Id">Given once where it was captured, so that it is stored once however often it arrives.</param>
/// <param name="Merchant">The merchant's name in the module's settings, up to 64 characters.</param>
/// <param name="TradeNo">商户订单号: the platform's own number of the payment, up to 128 characters.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Message">Its bytes, never parsed and written again.</param>
/// <param name="CapturedAt">When it was sent or received.</param>
/// <param name="Origin">Where it was captured, e.g. <c>wechat POST https://api.mch.weixin.qq.com/pay/unifiedorder</c>, up to 200 characters; no query, no personal data.</param>
public sealed record CapturedMessage(Guid Id, string Merchant, string TradeNo, CapturedKind Kind, RawMessage Message, DateTimeOffset CapturedAt, string Origin)
{
    /// <summary>Longest merchant. 64 characters.</summary>
    public const int MerchantLimit = 64;

    /// <summary>Longest trade number. 128 characters.</summary>
    public const int TradeNoLimit = 128;

    /// <summary>Longest charset. 40 characters.</summary>
    public const int CharsetLimit = 40;

    /// <summary>Longest origin. 200 characters.</summary>
    public const int OriginLimit = 200;
}

/// <summary>What a <see cref="CapturedMessage"/> was.</summary>
public enum CapturedKind
{
    /// <summary>请求: what the ERP sent to the payment company.</summary>
    Request,

    /// <summary>响应: what came back at once.</summary>
    Response,

    /// <summary>支付结果通知: what the payment company sent later to tell that it was paid.</summary>
    Notify,

    /// <summary>The ERP's answer to a notify. Kept for the record; customs never get it.</summary>
    NotifyAnswer,
}

/// <summary>Takes captured messages. A module exports it; the host finds it through <see cref="Hosting.IErpModules.Find{T}"/> while the module runs.</summary>
public interface ICaptureReceiver
{
    /// <summary>
    /// Takes messages; they are durable when the task completes, and none of them is taken when it fails. One with an id that is there already changes nothing.
    /// </summary>
    /// <param name="messages">The messages. Few: they are stored as one, and everybody else's writes wait for them.</param>
    Task ReceiveAsync(IReadOnlyList<CapturedMessage> messages);
}
