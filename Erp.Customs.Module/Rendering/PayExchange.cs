namespace Erp.Customs.Module.Rendering;

/// <summary>What is handed to customs about one payment: the model that every renderer renders. Names and order as in notice 179, table of 1.6.3.</summary>
/// <param name="Head">支付原始数据表头, payExchangeInfoHead.</param>
/// <param name="Lists">支付原始数据表体, payExchangeInfoLists: every order of the payment, not only the one asked for.</param>
internal sealed record PayExchange(PayExchangeHead Head, IReadOnlyList<PayExchangeOrder> Lists);

/// <summary>支付原始数据表头. Strings are never null; an absent optional one is empty and rendered as <c>""</c>.</summary>
internal sealed record PayExchangeHead(
    string Guid,
    string InitalRequest,
    string InitalResponse,
    string EbpCode,
    string PayCode,
    string PayTransactionId,
    decimal TotalAmount,
    string Currency,
    string VerDept,
    string PayType,
    string TradingTime,
    string Note);

/// <summary>One order of 支付原始数据表体.</summary>
internal sealed record PayExchangeOrder(
    string OrderNo,
    IReadOnlyList<PayExchangeGoods> GoodsInfo,
    string RecpAccount,
    string RecpCode,
    string RecpName);

/// <summary>One entry of goodsInfo.</summary>
internal sealed record PayExchangeGoods(string Gname, string ItemLink);
