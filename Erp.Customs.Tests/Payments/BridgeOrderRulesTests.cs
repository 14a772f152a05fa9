using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Payments;

namespace Erp.Customs.Tests.Payments;

public class BridgeOrderRulesTests
{
    private static readonly BridgeMerchantOptions Merchant = new("商户", "资方", "", "4403169D3W", "1", "", "acc", "", "店");

    private static readonly OrderPush Right = new(
        "ningbo", "SO1", "张三", "11010519491231002X", "13817494910", 5, 100m, new DateTimeOffset(2026, 11, 11, 0, 0, 1, TimeSpan.FromHours(8)), "", "A",
        [new Goods("奶粉", "https://shop.example.cn/1")]);

    private readonly CustomsCodes _codes = CustomsCodes.Read(AppContext.BaseDirectory, []);

    [Fact]
    public void An_order_in_order_breaks_no_rule() => Assert.Empty(Broken(Right));

    [Theory]
    [InlineData("11010519491231002X", true)]
    [InlineData("11010519491231002x", true)]
    [InlineData("440106198709120010", true)]
    [InlineData("110105194912310021", false)]
    [InlineData("11010519491231002Y", false)]
    [InlineData("1101051949123100２X", false)]
    [InlineData("A1010519491231002X", false)]
    public void A_card_of_18_characters_needs_its_check_digit(string number, bool right)
    {
        Assert.Equal(right, IdentityCard.IsRight(number));
        Assert.Equal(right ? [] : ["receiverCardNo"], Broken(Right with { ReceiverCardNo = number }));
    }

    [Theory]
    [InlineData("E12345678")]
    [InlineData("32068119891142120001")]
    [InlineData("110105491231002")]
    public void A_paper_of_another_shape_passes_with_a_flag(string number)
    {
        var push = Right with { ReceiverCardNo = number };
        Assert.Empty(Broken(push));
        Assert.Equal(["card_not_checked"], BridgeOrderRules.Flags(push, rehearsal: false));
        Assert.Empty(BridgeOrderRules.Flags(Right, rehearsal: false));
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once_and_never_its_value()
    {
        var wrong = new OrderPush("ningbo", "", new string('陈', 61), " ", "1381749491０", 0, 0.001m, default, "HG001", "D", [new Goods("", new string('x', 3001)), new Goods("a\u0001b", "half \uD83D")]);

        var found = new BridgeOrderRules(_codes).Check(wrong, Merchant);

        Assert.Equal(
            ["orderNo", "receiverName", "receiverCardNo", "receiverMobile", "totalNum", "orderTotal", "payTime", "customsCode", "operation", "goods[0].gname", "goods[0].itemLink", "goods[1].gname", "goods[1].itemLink"],
            found.Select(Field));
        Assert.DoesNotContain(found, sentence => sentence.Contains('陈', StringComparison.Ordinal) || sentence.Contains("1381749491", StringComparison.Ordinal));
        Assert.All(found, sentence => Assert.Contains(" | ", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.01", true)]
    [InlineData("100.10", true)]
    [InlineData("99999999999999.99", true)]
    [InlineData("100000000000000", false)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("1.005", false)]
    public void An_amount_has_two_decimals_and_is_more_than_nothing(string amount, bool right) =>
        Assert.Equal(right ? [] : ["orderTotal"], Broken(Right with { OrderTotal = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture) }));

    [Fact]
    public void At_least_one_of_the_goods_is_there() => Assert.Equal(["goods"], Broken(Right with { Goods = [] }));

    [Fact]
    public void A_message_that_customs_could_not_take_is_refused() =>
        Assert.Equal(["goods"], Broken(Right with { Goods = [.. Enumerable.Repeat(new Goods(new string('奶', 250), "https://shop.example.cn/1"), 32)] }));

    [Theory]
    [InlineData("HG002", "郑州海关")]
    [InlineData("HG012", "广州电子口岸1.0（总署版）")]
    [InlineData("HG013", "郑州电子口岸")]
    [InlineData("HG014", "宁波海关（总署版）")]
    [InlineData("HG016", "重庆电子口岸（总署版）")]
    [InlineData("HG017", "义乌电子口岸（总署版）")]
    [InlineData("HG018", "广州电子口岸3.0（总署版）")]
    [InlineData("HG019", "深圳电子口岸（总署版）")]
    [InlineData("HG020", "大连电子口岸（总署版）")]
    [InlineData("HG021", "杭州电子口岸（总署版）")]
    [InlineData("HG022", "上海电子口岸（总署版）")]
    [InlineData("HG023", "青岛电子口岸（总署版）")]
    [InlineData("HG024", "盐城电子口岸（总署版）")]
    [InlineData("HG025", "武汉电子口岸（总署版）")]
    [InlineData("HG026", "天津电子口岸（总署版）")]
    [InlineData("HG027", "济南电子口岸（总署版）")]
    [InlineData("HG028", "珠海电子口岸（总署版）")]
    [InlineData("HG029", "青岛跨境电商（总署版）")]
    public void A_customs_code_of_the_document_is_known_by_its_name(string code, string name)
    {
        Assert.Equal(name, _codes.Names[code]);
        Assert.Empty(Broken(Right with { CustomsCode = code }));
    }

    [Fact]
    public void No_other_customs_code_is_known()
    {
        Assert.Equal(18, _codes.Names.Count);
        Assert.Equal("HG014", CustomsCodes.Default);
    }

    [Fact]
    public void The_orders_customs_code_counts_before_the_merchants_before_the_bridges()
    {
        var own = Merchant with { CustomsCode = "HG021" };
        Assert.Equal(("HG029", "HG021", "HG014"), (CustomsCodes.Effective("HG029", own), CustomsCodes.Effective("", own), CustomsCodes.Effective("", Merchant)));
    }

    [Fact]
    public void A_body_is_JSON_whatever_stands_in_its_fields()
    {
        var push = Right with { ReceiverName = "a\"b\\c+&", OrderTotal = 100.1m };
        var body = PushBody.Push(push, Merchant);
        var fields = BridgeFields.Read(body)!;
        Assert.Equal(push.ReceiverName, fields["ReceiverName"]);
        Assert.Contains("\"OrderTotal\":100.10,", body, StringComparison.Ordinal);
    }

    private List<string> Broken(OrderPush push) => [.. new BridgeOrderRules(_codes).Check(push, Merchant).Select(Field)];

    private static string Field(string sentence) => sentence[..sentence.IndexOf(':', StringComparison.Ordinal)];
}
