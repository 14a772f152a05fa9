using System.Globalization;

namespace Erp.Customs.Simulator;

/// <summary>
/// A midnight sale (零点抢购) of two merchants: two dozen payments as Alipay, WeChat Pay and UnionPay write them. Firms, accounts and numbers are made up.
/// The same day and seed give the same payments, byte for byte, so that delivering them again changes nothing.
/// </summary>
public static class DemoOrders
{
    /// <summary>The merchant that signs with RSA-1024.</summary>
    public const string Ningbo = "ningbo-haitao";

    /// <summary>The merchant that signs with SM2.</summary>
    public const string Guangzhou = "guangzhou-kuajing";

    private static readonly DemoSeller NingboOwn = new("nbhaitao@pay.example.com", "91330201MA2AXXXX1K", "宁波海淘优选电子商务有限公司");
    private static readonly DemoSeller NingboShop = new("1900000109", "91330206MA2BXXXX7Q", "宁波保税区悦淘国际贸易有限公司");
    private static readonly DemoSeller GuangzhouOwn = new("gzkuajing@pay.example.com", "91440101MA5CXXXX3R", "广州跨境购供应链管理有限公司");
    private static readonly DemoSeller Tokyo = new("JP-0045-7718203", "", "株式会社サクラトレーディング");
    private static readonly DemoSeller HongKong = new("OSA571908863100001", "", "SOUTHERN STAR (HONG KONG) LIMITED");

    /// <summary>Every payment of the sale.</summary>
    /// <param name="day">The day of the sale in China; it stands in order numbers and transaction ids. All was paid in its first twenty minutes.</param>
    /// <param name="seed">Another seed gives other numbers for the same goods. The default value is 1.</param>
    public static IReadOnlyList<DemoPayment> Build(DateOnly day, int seed = 1) => [.. Sales().Select((sale, index) => Pay(sale, new DemoNumbers(day, seed, index)))];

    private static DemoPayment Pay(Sale sale, DemoNumbers numbers)
    {
        var orders = sale.Baskets.Select((basket, index) => new DemoOrder(numbers.OrderNo(sale.Merchant, index), basket, sale.Seller)).ToList();
        return sale.Channel switch
        {
            Channel.Alipay => AlipayExchange.Write(sale, numbers, orders),
            Channel.WeChat => WeChatExchange.Write(sale, numbers, orders),
            _ => UnionPayExchange.Write(sale, numbers, orders),
        };
    }

    private static IEnumerable<Sale> Sales() =>
    [
        new(Ningbo, NingboOwn, Channel.Alipay, 100.00m, [[FromNingbo("花王妙而舒婴儿纸尿裤 M号64片", 10023)]]),
        new(Ningbo, NingboOwn, Channel.WeChat, 100.10m, [[FromNingbo("爱他美白金版婴儿配方奶粉 3段 900g", 10087)]]),
        new(Ningbo, NingboShop, Channel.UnionPay, 0.50m, [[FromNingbo("资生堂洗颜专科洁面乳 体验装 5g", 10091)]]),
        new(Ningbo, NingboShop, Channel.Alipay, 12345.67m, [[FromNingbo("戴森吹风机 HD15 紫红色", 10102), FromNingbo("雅萌射频美容仪 MAX", 10103)]]) { AmountAsString = true },
        new(Ningbo, NingboOwn, Channel.WeChat, 668.00m,
        [
            [FromNingbo("Swisse 钙+维生素D 150片", 10110), FromNingbo("Swisse 葡萄籽 180片", 10111)],
            [FromNingbo("Blackmores 深海鱼油 400粒", 10120)],
            [FromNingbo("澳佳宝孕妇黄金素 180粒", 10121)],
        ]) { Note = "合并支付：一笔支付三张订单" },
        new(Ningbo, NingboOwn, Channel.UnionPay, 259.90m, [[new DemoGoods("兰蔻小黑瓶精华 30ml（含税）", "https://www.nbhaitao.example.com/item/10130.html;https://m.nbhaitao.example.com/item/10130;https://app.nbhaitao.example.com/goods?id=10130&from=share")]]),
        new(Ningbo, Tokyo, Channel.Alipay, 88.88m, [[FromNingbo("薇诺娜防晒乳\u3000SPF48 PA+++ 50g", 10141)]]) { AmountAsString = true },
        new(Ningbo, NingboShop, Channel.WeChat, 1999.00m, [[FromNingbo("任天堂 Switch Pro 手柄 \"塞尔达\" 限定版", 10150)]]),
        new(Ningbo, NingboOwn, Channel.UnionPay, 73.05m, [[FromNingbo("明治婴儿奶粉便携装 27g×24条", 10162)]]) { Charset = "gbk" },
        new(Ningbo, NingboOwn, Channel.Alipay, 5.00m, [[FromNingbo("惠氏启赋奶粉 试用装", 10170)]]),
        new(Ningbo, Tokyo, Channel.WeChat, 456.30m, [[FromNingbo("SK-II 护肤精华露 75ml", 10181), FromNingbo("CPB 隔离霜 37ml", 10182)]]),
        new(Ningbo, NingboShop, Channel.Alipay, 320.25m, [[FromNingbo("Moony 拉拉裤 L号44片×2包", 10190)]]),

        new(Guangzhou, GuangzhouOwn, Channel.WeChat, 100.00m, [[FromGuangzhou("A2 至初幼儿配方奶粉 4段 900g", "gz-20001")]]),
        new(Guangzhou, GuangzhouOwn, Channel.Alipay, 100.10m, [[FromGuangzhou("雅诗兰黛特润修护肌活精华露 50ml", "gz-20015")]]) { AmountAsString = true },
        new(Guangzhou, HongKong, Channel.Alipay, 129.99m, [[FromGuangzhou("Michael Kors 女士单肩包", "gz-20022")]]) { Currency = "502", Note = "Settled in USD" },
        new(Guangzhou, GuangzhouOwn, Channel.UnionPay, 0.50m, [[FromGuangzhou("科颜氏金盏花爽肤水 小样", "gz-20030")]]),
        new(Guangzhou, GuangzhouOwn, Channel.WeChat, 12345.67m, [[FromGuangzhou("欧米茄碟飞系列腕表", "gz-20044")]]),
        new(Guangzhou, Tokyo, Channel.Alipay, 233.40m, [[FromGuangzhou("樱花🌸限定 保湿面膜 4片装", "gz-20051"), FromGuangzhou("日本进口 抹茶生巧 20枚", "gz-20052")]]) { Note = "买家留言：请尽快发货🎁" },
        new(Guangzhou, GuangzhouOwn, Channel.UnionPay, 999.00m, [[new DemoGoods("德运全脂成人奶粉 1kg×6", "https://www.gzkuajing.example.com/p/gz-20060;https://m.gzkuajing.example.com/p/gz-20060")]]),
        new(Guangzhou, HongKong, Channel.WeChat, 45.60m, [[FromGuangzhou("李锦记 XO酱 80g\u3000港版", "gz-20073")]]),
        new(Guangzhou, GuangzhouOwn, Channel.Alipay, 78.90m, [[FromGuangzhou("可莱丝 NMF 针剂水库面膜 10片", "gz-20081")]]),
        new(Guangzhou, GuangzhouOwn, Channel.WeChat, 1580.00m, [[FromGuangzhou("Bellamy's 贝拉米有机奶粉 2段 900g×6罐", "gz-20090")]]),
        new(Guangzhou, GuangzhouOwn, Channel.UnionPay, 310.75m, [[FromGuangzhou("乐高 42110 路虎卫士 拼搭积木", "gz-20102")]]),
        new(Guangzhou, Tokyo, Channel.Alipay, 66.60m, [[FromGuangzhou("无比滴儿童清凉露 40ml", "gz-20111"), FromGuangzhou("太田胃散 210g", "gz-20112")]]),
    ];

    private static DemoGoods FromNingbo(string name, int id) => new(name, string.Create(CultureInfo.InvariantCulture, $"https://www.nbhaitao.example.com/item/{id}.html?from=list&sku={id}01"));

    private static DemoGoods FromGuangzhou(string name, string id) => new(name, $"https://www.gzkuajing.example.com/p/{id}#/detail");
}

/// <summary>Through whom a sale was paid.</summary>
internal enum Channel
{
    /// <summary>支付宝.</summary>
    Alipay,

    /// <summary>微信支付.</summary>
    WeChat,

    /// <summary>银联 fields, through an acquirer.</summary>
    UnionPay,
}

/// <summary>What was sold.</summary>
/// <param name="Merchant">By whom.</param>
/// <param name="Seller">Who is paid.</param>
/// <param name="Channel">How.</param>
/// <param name="Amount">For all baskets together.</param>
/// <param name="Baskets">The goods of each order.</param>
internal sealed record Sale(string Merchant, DemoSeller Seller, Channel Channel, decimal Amount, DemoGoods[][] Baskets)
{
    /// <summary>142 or 502.</summary>
    public string Currency { get; init; } = "142";

    /// <summary>See <see cref="DemoPayment.AmountAsString"/>.</summary>
    public bool AmountAsString { get; init; }

    /// <summary>See <see cref="DemoPayment.Charset"/>.</summary>
    public string? Charset { get; init; }

    /// <summary>备注.</summary>
    public string Note { get; init; } = "";

    /// <summary>What the payment company shows as the subject.</summary>
    public string Subject => Baskets.Length > 1 || Baskets[0].Length > 1 ? $"{Baskets[0][0].Name} 等{Baskets.Sum(basket => basket.Length)}件" : Baskets[0][0].Name;

    /// <summary>分: a hundredth of the currency.</summary>
    public string Cents => ((long)(Amount * 100)).ToString(CultureInfo.InvariantCulture);
}
