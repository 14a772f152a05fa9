using System.Globalization;

namespace Erp.Customs.Simulator;

/// <summary>银联 fields through an acquirer (通联): request and response are forms; in GBK when the acquirer's gateway is an old one.</summary>
internal static class UnionPayExchange
{
    private const string PayCode = "312228034T";

    /// <summary>The payment of a sale.</summary>
    public static DemoPayment Write(Sale sale, DemoNumbers numbers, IReadOnlyList<DemoOrder> orders)
    {
        var queryId = numbers.PaidAt.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + numbers.Digits("query", 7);
        (string Name, string Value)[] common =
        [
            ("version", "5.1.0"),
            ("encoding", sale.Charset is null ? "UTF-8" : "GBK"),
            ("signMethod", "01"),
            ("txnType", "01"),
            ("txnSubType", "01"),
            ("bizType", "000201"),
            ("accessType", "0"),
            ("merId", "777290058" + numbers.Digits("mer", 6)),
            ("orderId", orders[0].OrderNo),
            ("txnTime", numbers.OrderedAt.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)),
            ("txnAmt", sale.Cents),
            ("currencyCode", "156"),
        ];
        return new DemoPayment
        {
            Merchant = sale.Merchant,
            PayTransactionId = queryId,
            PayCode = PayCode,
            TotalAmount = sale.Amount,
            AmountAsString = sale.AmountAsString,
            Currency = sale.Currency,
            VerDept = "1",
            PayType = "2",
            TradingTime = numbers.PaidAt.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
            InitalRequest = Form([.. common, ("channelType", "07"), ("riskRateInfo", $"{{commodityName={sale.Subject}}}"), ("signature", numbers.Base64("union-request"))]),
            InitalResponse = Form(
                [
                    .. common,
                    ("respCode", "00"),
                    ("respMsg", "成功[0000000]"),
                    ("queryId", queryId),
                    ("traceNo", numbers.Digits("trace", 6)),
                    ("settleDate", numbers.Day[4..]),
                    ("accNo", "622588****" + numbers.Digits("account", 4)),
                    ("signature", numbers.Base64("union-response")),
                ]),
            Charset = sale.Charset,
            Note = sale.Note,
            Orders = orders,
        };
    }

    /// <summary>As acquirers log it: names and values joined, the signature alone escaped.</summary>
    private static string Form((string Name, string Value)[] fields) =>
        string.Join('&', fields.Select(field => $"{field.Name}={(field.Name is "signature" ? Uri.EscapeDataString(field.Value) : field.Value)}"));
}
