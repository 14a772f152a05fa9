using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>Invented payments of the three kinds that platforms know, and the renderers to render them with.</summary>
internal static class Payments
{
    public static PayExchange Alipay { get; } = new(
        new PayExchangeHead(
            "9D55BA71-55DE-41F4-8B50-C36C83B3B419",
            "https://openapi.alipay.com/gateway.do?timestamp=2026-11-11 10:08:08&method=alipay.trade.pay&app_id=13580&sign_type=RSA2&charset=GBK&biz_content={\"out_trade_no\":\"SO20261111001\",\"subject\":\"婴儿配方奶粉 3段\"}",
            "{\n  \"alipay_trade_pay_response\": {\"code\": \"10000\", \"msg\": \"Success\", \"total_amount\": \"100.00\"}, \"sign\": \"ERITJKEIJKJHKKKKKKKHJEREE==\"\n}",
            "3301963K69",
            "31222699S7",
            "2026111122001354081010726129",
            100.00m,
            "142",
            "3",
            "1",
            "20261111100810",
            ""),
        [
            new PayExchangeOrder(
                "SO20261111001",
                [new PayExchangeGoods("婴儿配方奶粉 3段 900g", "https://shop.example/goods?id=1996&from=cart")],
                "OSA571908863132601",
                "91330201MA2AXXXX0K",
                "宁波某某跨境电子商务有限公司"),
        ]);

    public static PayExchange WeChat { get; } = new(
        new PayExchangeHead(
            "0B7C1F52-3D8E-4A60-9C11-5E2F7A9B8C3D",
            "<xml>\r\n<appid><![CDATA[wx2421b1c4370ec43b]]></appid>\r\n<body><![CDATA[面霜\u3000套装]]></body>\r\n<total_fee>10010</total_fee>\r\n</xml>",
            "<xml><return_code><![CDATA[SUCCESS]]></return_code><attach><![CDATA[C:\\pos\\1]]></attach></xml>",
            "44069679AS",
            "4403169D3W",
            "4200001234202611119876543210",
            100.10m,
            "142",
            "2",
            "3",
            "20261111235959",
            "双十一，两件 😀"),
        [
            new PayExchangeOrder(
                "WX-2026-000451",
                [
                    new PayExchangeGoods("深度抗皱修复纯天然日霜50ml", "https://a.example/goods.php?id=1996;https://b.example/goods.php?id=1996"),
                    new PayExchangeGoods("精油滋养\"深度补水\"面霜50ml", "https://a.example/goods.php?id=1998"),
                ],
                "1230000109",
                "",
                "HONGKONG EXAMPLE LIMITED"),
            new PayExchangeOrder("WX-2026-000452", [new PayExchangeGoods("拖鞋", "https://a.example/goods.php?id=7")], "1230000110", "", "O'Neil & Söhne GmbH"),
        ]);

    public static PayExchange UnionPay { get; } = new(
        new PayExchangeHead(
            "F0E1D2C3-B4A5-4697-8877-665544332211",
            "version=5.1.0&encoding=UTF-8&txnType=01&orderId=U20261112001&txnAmt=50&reqReserved=%7B%22n%22%3A3%7D\tend",
            "respCode=00&respMsg=成功[0000000]&queryId=712611121030451234567",
            "4101660000",
            "312228034T",
            "712611121030451234567",
            0.50m,
            "142",
            "1",
            "",
            "20261112103045",
            "试用装 {{ head }}"),
        [
            new PayExchangeOrder("U20261112001", [new PayExchangeGoods("面膜试用装", "https://c.example/1")], "6217000000000000001", "", "某某"),
            new PayExchangeOrder("U20261112002", [new PayExchangeGoods("面膜试用装", "https://c.example/1")], "6217000000000000001", "", "某某"),
            new PayExchangeOrder("U20261112003", [new PayExchangeGoods("洗发水\u2028试用装", "https://c.example/2")], "6217000000000000001", "", "某某"),
        ]);

    public static IPayExchangeRenderer Writer { get; } = new CanonicalRenderer();

    /// <summary>The module's folder, with its own templates in it.</summary>
    public static string ModuleDirectory { get; } = Path.GetDirectoryName(typeof(IPayExchangeRenderer).Assembly.Location)!;

    public static PayExchange ByName(string name) => name switch
    {
        "alipay" => Alipay,
        "wechat" => WeChat,
        "unionpay" => UnionPay,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static PayExchange WithHead(Func<PayExchangeHead, PayExchangeHead> change) => Alipay with { Head = change(Alipay.Head) };

    public static PayExchange WithOrder(Func<PayExchangeOrder, PayExchangeOrder> change) => Alipay with { Lists = [change(Alipay.Lists[0])] };

    public static PayExchange WithGoods(string gname, string itemLink) => WithOrder(order => order with { GoodsInfo = [new PayExchangeGoods(gname, itemLink)] });
}
