namespace Erp.Customs.Contracts;

/// <summary>An order for the payment-customs bridge (支付报关系统 API v1.1, 2.1). Its text form holds no personal data.</summary>
/// <param name="Merchant">The merchant's name in the module's settings; it must have a Bridge section there.</param>
/// <param name="OrderNo">商户订单号, as declared to customs, up to 60 characters. Never pushed under another number.</param>
/// <param name="ReceiverName">报关人姓名, up to 60 characters.</param>
/// <param name="ReceiverCardNo">报关人证件号, up to 32 characters; one of 18 must have a right check digit.</param>
/// <param name="ReceiverMobile">手机号码, 11 digits.</param>
/// <param name="TotalNum">商品数量 over all goods, 1 or more.</param>
/// <param name="OrderTotal">商品金额, more than 0, at most two decimals.</param>
/// <param name="PayTime">交易成功时间 in the shop.</param>
/// <param name="CustomsCode">海关编号, HG002 to HG029; empty for the merchant's own, or HG014.</param>
/// <param name="Operation"><c>A</c> adds; <c>U</c> updates an order that the bridge has taken.</param>
/// <param name="Goods">What was bought, with links; at least one.</param>
public sealed record OrderPush(
    string Merchant,
    string OrderNo,
    string ReceiverName,
    string ReceiverCardNo,
    string ReceiverMobile,
    int TotalNum,
    decimal OrderTotal,
    DateTimeOffset PayTime,
    string CustomsCode,
    string Operation,
    IReadOnlyList<Goods> Goods)
{
    /// <summary>Merchant, order number and operation alone.</summary>
    public override string ToString() => $"{Operation} {Merchant} {OrderNo}";
}

/// <summary>What became of an order that was handed in for the bridge.</summary>
public enum PushOutcome
{
    /// <summary>Stored, durable; it will be pushed.</summary>
    Taken,

    /// <summary>The very same was handed in before; nothing changed.</summary>
    AlreadyTaken,

    /// <summary>Not stored: the bridge would refuse it.</summary>
    Invalid,

    /// <summary>Not stored: it may not be pushed as it stands now.</summary>
    Conflict,
}

/// <summary>The answer to an order that was handed in for the bridge.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="State">Where it stands; empty when nothing is stored. See <see cref="PushStatus.State"/>.</param>
/// <param name="Sentence">Why nothing was stored; empty otherwise. No personal data.</param>
/// <param name="Violations">Every rule that it breaks, each naming its field.</param>
/// <param name="Flags">Things that a person should look at.</param>
public sealed record PushReceipt(PushOutcome Outcome, string State, string Sentence, IReadOnlyList<string> Violations, IReadOnlyList<string> Flags);

/// <summary>How an order stands at the payment-customs bridge. Times are UTC. No personal data.</summary>
/// <param name="OrderNo">The order number.</param>
/// <param name="Merchant">Whose order it is.</param>
/// <param name="State">pending, pushed, confirming, done (已支付+已报关), data_error, needs_person or waiting_retry.</param>
/// <param name="Operation"><c>A</c> or <c>U</c>: how its content is pushed.</param>
/// <param name="CustomsCode">海关编号 that it is declared through.</param>
/// <param name="Code">The bridge's last code that decided anything; may be empty.</param>
/// <param name="Reason">Why it stands there, in words; empty when all is well.</param>
/// <param name="Flags">
/// <c>card_not_checked</c>, <c>rehearsal</c>, <c>existed_before</c> (the bridge had the order before our first push), <c>revoked_but_declared</c> (已撤销),
/// <c>update_not_taken</c>, <c>erp_payment</c> (the ERP's own exchange is the evidence), <c>amount_differs</c> (and its amount is another than was pushed), <c>not_archived</c>.
/// </param>
/// <param name="Attempts">PushOrder calls.</param>
/// <param name="Polls">GetOrder calls.</param>
/// <param name="PaymentNo">支付单号; <see langword="null"/> until it is paid and declared.</param>
/// <param name="PaymentStatus">支付状态 beside it.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="Archived"><c>bridge</c> or <c>erp</c>: whose exchange customs are answered from; <see langword="null"/> until one is stored.</param>
/// <param name="CreatedAt">When it was handed in first.</param>
/// <param name="ChangedAt">When anything changed last.</param>
/// <param name="FinishedAt">When it was seen paid and declared, or when it came to a person.</param>
/// <param name="NextAttemptAt">When the module will act again; <see langword="null"/> when it will not by itself.</param>
/// <param name="MerchantStopped">The bridge has refused this merchant's pushes, and nobody has reopened them yet.</param>
public sealed record PushStatus(
    string OrderNo,
    string Merchant,
    string State,
    string Operation,
    string CustomsCode,
    string Code,
    string Reason,
    IReadOnlyList<string> Flags,
    int Attempts,
    int Polls,
    string? PaymentNo,
    string? PaymentStatus,
    DateTimeOffset? PaidAt,
    string? Archived,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? NextAttemptAt,
    bool MerchantStopped);
