using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>支付宝: the request is the gateway's GET address with biz_content, the response the JSON of the trade query.</summary>
internal static class AlipayExchange
{
    private const string PayCode = "31222699S7";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payment of a sale.</summary>
    public static DemoPayment Write(Sale sale, DemoNumbers numbers, IReadOnlyList<DemoOrder> orders)
    {
        var tradeNo = numbers.Day + "22001" + numbers.Digits("alipay", 15);
        var amount = sale.Amount.ToString("0.00", CultureInfo.InvariantCulture);
        var paidAt = numbers.PaidAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new DemoPayment
        {
            Merchant = sale.Merchant,
            PayTransactionId = tradeNo,
            PayCode = PayCode,
            TotalAmount = sale.Amount,
            AmountAsString = sale.AmountAsString,
            Currency = sale.Currency,
            VerDept = "2",
            PayType = "1",
            TradingTime = numbers.PaidAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            InitalRequest = Request(sale, numbers, orders[0].OrderNo, amount),
            InitalResponse = JsonSerializer.Serialize(
                new
                {
                    alipay_trade_query_response = new
                    {
                        code = "10000",
                        msg = "Success",
                        buyer_logon_id = "159****" + numbers.Digits("buyer", 4),
                        buyer_pay_amount = amount,
                        fund_bill_list = new[] { new { amount, fund_channel = "ALIPAYACCOUNT" } },
                        out_trade_no = orders[0].OrderNo,
                        point_amount = "0.00",
                        receipt_amount = amount,
                        send_pay_date = paidAt,
                        store_name = sale.Seller.Name,
                        subject = sale.Subject,
                        total_amount = amount,
                        trade_no = tradeNo,
                        trade_status = "TRADE_SUCCESS",
                    },
                    sign = numbers.Base64("alipay-response"),
                },
                Json),
            Note = sale.Note,
            Orders = orders,
        };
    }

    private static string Request(Sale sale, DemoNumbers numbers, string orderNo, string amount)
    {
        var content = JsonSerializer.Serialize(
            new
            {
                out_trade_no = orderNo,
                product_code = "QUICK_MSECURITY_PAY",
                total_amount = amount,
                trans_currency = sale.Currency is "502" ? "USD" : "CNY",
                subject = sale.Subject,
                timeout_express = "90m",
                goods_detail = sale.Baskets.SelectMany(basket => basket).Select(goods => new { goods_name = goods.Name, quantity = 1, show_url = goods.Link.Split(';')[0] }),
            },
            Json);
        (string Name, string Value)[] fields =
        [
            ("app_id", "2016" + numbers.Digits("app", 12)),
            ("biz_content", content),
            ("charset", "utf-8"),
            ("format", "JSON"),
            ("method", "alipay.trade.app.pay"),
            ("notify_url", $"https://pay.{sale.Merchant}.example.com/alipay/notify"),
            ("sign_type", "RSA2"),
            ("timestamp", numbers.OrderedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            ("version", "1.0"),
            ("sign", numbers.Base64("alipay-request")),
        ];
        return "https://openapi.alipay.com/gateway.do?" + string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
    }
}
