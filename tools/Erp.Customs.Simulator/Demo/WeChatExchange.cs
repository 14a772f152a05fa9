using System.Globalization;

namespace Erp.Customs.Simulator;

/// <summary>微信支付: the request is the unified-order XML, the response the pay-notify XML; the number to verify is verify_department_trade_id.</summary>
internal static class WeChatExchange
{
    private const string PayCode = "4403169D3W";

    /// <summary>The payment of a sale.</summary>
    public static DemoPayment Write(Sale sale, DemoNumbers numbers, IReadOnlyList<DemoOrder> orders)
    {
        var paidAt = numbers.PaidAt.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var transactionId = "4200" + numbers.Digits("wechat", 6) + numbers.Day + numbers.Digits("wechat2", 10);
        (string Name, string Value)[] merchant = [("appid", "wx" + numbers.Hex("app", 16)), ("mch_id", "19" + numbers.Digits("mch", 8))];
        return new DemoPayment
        {
            Merchant = sale.Merchant,
            PayTransactionId = numbers.Day + numbers.Digits("netsunion", 22),
            PayCode = PayCode,
            TotalAmount = sale.Amount,
            AmountAsString = sale.AmountAsString,
            Currency = sale.Currency,
            VerDept = "2", // verify_department NETSUNION
            PayType = "3",
            TradingTime = paidAt,
            InitalRequest = Xml(
                [
                    .. merchant,
                    ("body", sale.Subject),
                    ("fee_type", "CNY"),
                    ("nonce_str", numbers.Hex("nonce", 32)),
                    ("notify_url", $"https://pay.{sale.Merchant}.example.com/wechat/notify"),
                    ("out_trade_no", orders[0].OrderNo),
                    ("spbill_create_ip", "192.0.2.17"),
                    ("time_start", numbers.OrderedAt.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)),
                    ("total_fee", sale.Cents),
                    ("trade_type", "NATIVE"),
                    ("sign", numbers.Hex("wechat-request", 32).ToUpperInvariant()),
                ]),
            InitalResponse = Xml(
                [
                    .. merchant,
                    ("bank_type", "CMB_DEBIT"),
                    ("cash_fee", sale.Cents),
                    ("fee_type", "CNY"),
                    ("is_subscribe", "N"),
                    ("nonce_str", numbers.Hex("nonce2", 32)),
                    ("openid", "o" + numbers.Hex("openid", 27)),
                    ("out_trade_no", orders[0].OrderNo),
                    ("result_code", "SUCCESS"),
                    ("return_code", "SUCCESS"),
                    ("time_end", paidAt),
                    ("total_fee", sale.Cents),
                    ("trade_type", "NATIVE"),
                    ("transaction_id", transactionId),
                    ("sign", numbers.Hex("wechat-response", 32).ToUpperInvariant()),
                ]),
            Note = sale.Note,
            Orders = orders,
        };
    }

    private static string Xml((string Name, string Value)[] fields) =>
        "<xml>\n" + string.Concat(fields.Select(field => $"<{field.Name}><![CDATA[{field.Value}]]></{field.Name}>\n")) + "</xml>";
}
