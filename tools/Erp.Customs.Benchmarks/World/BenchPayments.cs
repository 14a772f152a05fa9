using System.Globalization;
using System.Text;
using Erp.Customs.Contracts;

namespace Erp.Customs.Benchmarks.World;

/// <summary>
/// Payments of usual size: an Alipay-like gateway address and its answer, two orders of four goods each; about 5.8 KB as stored and 6.5 KB as uploaded.
/// Everything is made up from the number.
/// </summary>
internal static class BenchPayments
{
    /// <summary>The merchant of all of them.</summary>
    public const string Merchant = "bench";

    /// <summary>Its customs code.</summary>
    public const string EbpCode = "3302660075";

    /// <summary>Characters of an order number.</summary>
    public const int OrderNoLength = 20;

    private const int GoodsPerOrder = 4;

    private static readonly string[] s_names = ["花王妙而舒婴儿纸尿裤 M号64片", "爱他美白金版婴儿配方奶粉 3段 900g", "资生堂洗颜专科洁面乳 120g×2", "Swisse 葡萄籽 180片（含税）", "戴森吹风机 HD15 紫红色", "任天堂 Switch Pro 手柄 \"塞尔达\" 限定版"];

    private static readonly string[] s_unseen =
    [
        "膳魔师 JNL-504 真空焖烧罐 樱粉 送杯刷", "Theragun Mini 筋膜枪 曜石灰 四档力度", "乐高 42143 法拉利 Daytona SP3 拼装跑车", "珀莱雅 双抗3.0 小夜灯 礼遇组合",
        "ボーネルンド 木製パズル 3歳以上", "飞利浦 Sonicare 声波震动刷头 HX9352/04",
    ];

    /// <summary>The first order of a payment: the one that customs ask for. Numbers that follow each other do not stand beside each other in an index.</summary>
    public static string OrderNo(long number) => string.Create(CultureInfo.InvariantCulture, $"BN{unchecked((uint)(number * 2654435761L)):x8}{number:d10}");

    /// <summary>A payment.</summary>
    /// <param name="number">Which one.</param>
    /// <param name="traded">When it was paid.</param>
    public static PaymentDelivery Delivery(long number, DateTimeOffset traded) => Delivery(number, traded, s_names);

    /// <summary>The same with goods of which the archive's dictionary has no word.</summary>
    public static PaymentDelivery DeliveryOfUnseenGoods(long number, DateTimeOffset traded) => Delivery(number, traded, s_unseen);

    private static PaymentDelivery Delivery(long number, DateTimeOffset traded, string[] names) => new(
        Merchant, TransactionId(number), Text(Request(number, names)), Text(Response(number)), Facts(number, traded, names));

    /// <summary>交易流水号 of a payment.</summary>
    public static string TransactionId(long number) => string.Create(CultureInfo.InvariantCulture, $"2026111122001{number:d15}");

    private static RawMessage Text(string text) => new(Encoding.UTF8.GetBytes(text), "utf-8");

    private static PaymentFacts Facts(long number, DateTimeOffset traded, string[] names) => new(
        "31222699S7", 100.10m + (number % 1000), "142", "2", "1", traded, "双十一大促，合并支付",
        [
            new PaidOrder(OrderNo(number), Goods(number, 0, names), "nbhaitao@pay.example.com", "91330201MA2AXXXX1K", "宁波海淘优选电子商务有限公司"),
            new PaidOrder("B2" + OrderNo(number)[2..], Goods(number, 1, names), "nbhaitao@pay.example.com", "91330201MA2AXXXX1K", "宁波海淘优选电子商务有限公司"),
        ]);

    private static Goods[] Goods(long number, int order, string[] names) => [.. Enumerable.Range(0, GoodsPerOrder).Select(i => new Goods(
        names[(int)((number + i + order) % names.Length)],
        string.Create(CultureInfo.InvariantCulture, $"https://www.nbhaitao.example.com/item/{number + i}.html?from=list&sku={number:d8}01;https://m.nbhaitao.example.com/item/{number + i}")))];

    private static string Request(long number, string[] names)
    {
        var goods = string.Join(',', Goods(number, 0, names).Concat(Goods(number, 1, names)).Select(one => $$"""{"goods_id":"{{number}}","goods_name":"{{one.GName.Replace("\"", "\\\"", StringComparison.Ordinal)}}","quantity":1,"price":"16.68"}"""));
        var content = $$"""{"out_trade_no":"{{OrderNo(number)}}","product_code":"QUICK_MSECURITY_PAY","total_amount":"100.10","trans_currency":"CNY","subject":"婴儿奶粉 等8件","timeout_express":"90m","goods_detail":[{{goods}}]}""";
        return "https://openapi.alipay.com/gateway.do?app_id=2016082200291234&biz_content=" + Uri.EscapeDataString(content)
            + "&charset=utf-8&format=JSON&method=alipay.trade.app.pay&notify_url=https%3A%2F%2Fpay.example.com%2Falipay%2Fnotify&sign_type=RSA2&timestamp=2026-11-11%2000%3A00%3A07&version=1.0&sign="
            + Uri.EscapeDataString(Signature(number));
    }

    private static string Response(long number) => $$"""
        {"alipay_trade_query_response":{"code":"10000","msg":"Success","buyer_logon_id":"159****0000","buyer_pay_amount":"100.10","fund_bill_list":[{"amount":"100.10","fund_channel":"ALIPAYACCOUNT"}],
        "out_trade_no":"{{OrderNo(number)}}","point_amount":"0.00","receipt_amount":"100.10","send_pay_date":"2026-11-11 00:00:13","store_name":"宁波海淘优选电子商务有限公司","subject":"婴儿奶粉 等8件","total_amount":"100.10",
        "trade_no":"{{TransactionId(number)}}","trade_status":"TRADE_SUCCESS"},"sign":"{{Signature(number + 1)}}"}
        """;

    private static string Signature(long number)
    {
        var bytes = new byte[256];
        new Random((int)number).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
