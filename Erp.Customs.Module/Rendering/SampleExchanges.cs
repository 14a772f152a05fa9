namespace Erp.Customs.Module.Rendering;

/// <summary>Invented payments that a template must render before it may be used: one as plain as it can be, one with everything that makes templates stumble.</summary>
internal static class SampleExchanges
{
    /// <summary>Every optional field is empty.</summary>
    public static PayExchange Plain { get; } = new(
        new PayExchangeHead(
            "9D55BA71-55DE-41F4-8B50-C36C83B3B419", "https://pay.example/gateway.do?out_trade_no=1", "ok", "3301963K69", "31222699S7",
            "2018121222001354081010726129", 100.00m, "142", "3", "", "20181212041803", ""),
        [new PayExchangeOrder("SO1", [new PayExchangeGoods("奶粉", "https://shop.example/1")], "A1", "", "Shop")]);

    /// <summary>Quotes, line breaks, template signs, rare characters; several orders with several goods.</summary>
    public static PayExchange Awkward { get; } = new(
        new PayExchangeHead(
            "F0E1D2C3-B4A5-4697-8877-665544332211", "{\"subject\":\"特价 \\\"手机\\\"\",\n\t\"body\":\"{{ head }}\"}\u0001", "<xml><![CDATA[\u3000\u2028\u00A0\u007F😀𠮷]]></xml>\r\n\b\f",
            "44069679AS", "4403160BUF", "201808010XTOO180881108351", 0.50m, "502", "1", "2", "20180705133320", "备注 }}"),
        [
            new PayExchangeOrder("ord-1", [new PayExchangeGoods("小米盒子 \"4\"", "https://a.example/?x=1&y=2;https://b.example/"), new PayExchangeGoods("零食\\", "https://c.example/")], "6217", "91330200MA2", "某某国际有限公司"),
            new PayExchangeOrder("ord-2", [new PayExchangeGoods("拖鞋", "https://d.example/")], "6218", "", "O'Neil & Söhne"),
        ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PayExchange> All { get; } = [Plain, Awkward];
}
