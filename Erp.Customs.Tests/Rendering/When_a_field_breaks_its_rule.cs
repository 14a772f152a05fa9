using System.Text.RegularExpressions;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>The rules of notice 179, one by one.</summary>
public class When_a_field_breaks_its_rule
{
    private const string Head = "payExchangeInfoHead.";
    private const string Order = "payExchangeInfoLists[0].";
    private const string Goods = "payExchangeInfoLists[0].goodsInfo[0].";

    /// <summary>Every text field: its path, its limit, whether it is required, and how a payment with another value is made.</summary>
    private static readonly IReadOnlyDictionary<string, (int Limit, bool Required, Func<string, PayExchange> With)> Fields =
        new Dictionary<string, (int, bool, Func<string, PayExchange>)>(StringComparer.Ordinal)
        {
            [Head + "guid"] = (36, true, value => Payments.WithHead(head => head with { Guid = value })),
            [Head + "initalRequest"] = (8000, true, value => Payments.WithHead(head => head with { InitalRequest = value })),
            [Head + "initalResponse"] = (8000, true, value => Payments.WithHead(head => head with { InitalResponse = value })),
            [Head + "ebpCode"] = (18, true, value => Payments.WithHead(head => head with { EbpCode = value })),
            [Head + "payCode"] = (18, true, value => Payments.WithHead(head => head with { PayCode = value })),
            [Head + "payTransactionId"] = (60, true, value => Payments.WithHead(head => head with { PayTransactionId = value })),
            [Head + "currency"] = (4, true, value => Payments.WithHead(head => head with { Currency = value })),
            [Head + "verDept"] = (1, true, value => Payments.WithHead(head => head with { VerDept = value })),
            [Head + "payType"] = (1, false, value => Payments.WithHead(head => head with { PayType = value })),
            [Head + "tradingTime"] = (14, true, value => Payments.WithHead(head => head with { TradingTime = value })),
            [Head + "note"] = (1000, false, value => Payments.WithHead(head => head with { Note = value })),
            [Order + "orderNo"] = (60, true, value => Payments.WithOrder(order => order with { OrderNo = value })),
            [Goods + "gname"] = (250, true, value => Payments.WithGoods(value, "https://shop.example/1")),
            [Goods + "itemLink"] = (3000, true, value => Payments.WithGoods("奶粉", value)),
            [Order + "recpAccount"] = (60, true, value => Payments.WithOrder(order => order with { RecpAccount = value })),
            [Order + "recpCode"] = (18, false, value => Payments.WithOrder(order => order with { RecpCode = value })),
            [Order + "recpName"] = (100, true, value => Payments.WithOrder(order => order with { RecpName = value })),
        };

    public static TheoryData<string> AllFields => [.. Fields.Keys];

    public static TheoryData<string> FreeTexts =>
        [.. Fields.Keys.Where(path => path is not (Head + "guid" or Head + "currency" or Head + "verDept" or Head + "payType" or Head + "tradingTime"))];

    [Theory]
    [InlineData("alipay")]
    [InlineData("wechat")]
    [InlineData("unionpay")]
    public void Should_let_a_right_payment_through(string name) => Assert.Empty(PayExchangeRules.Check(Payments.ByName(name)));

    [Fact]
    public void Should_let_the_samples_for_templates_through() => Assert.All(SampleExchanges.All, sample => Assert.Empty(PayExchangeRules.Check(sample)));

    [Theory]
    [MemberData(nameof(AllFields))]
    public void Should_refuse_an_empty_field_only_where_it_is_required(string field)
    {
        var (_, required, with) = Fields[field];

        var violations = PayExchangeRules.Check(with(""));

        if (required)
        {
            var violation = Assert.Single(violations);
            Assert.Equal(field, violation.Field);
            Assert.EndsWith("必填，现为空", violation.Sentence, StringComparison.Ordinal);
            Assert.Equal("required, but empty", violation.SentenceEn);
        }
        else
        {
            Assert.Empty(violations);
        }
    }

    [Fact]
    public void Should_take_blanks_for_empty() => Assert.Equal("required, but empty", Only(Payments.WithGoods(" \u3000", "https://shop.example/1"), Goods + "gname").SentenceEn);

    [Theory]
    [MemberData(nameof(AllFields))]
    public void Should_refuse_a_field_that_is_too_long_and_name_limit_and_length_but_not_the_value(string field)
    {
        var (limit, _, with) = Fields[field];
        var tooLong = string.Concat(Enumerable.Repeat("秘", limit + 1));

        var violation = Only(with(tooLong), field);

        Assert.EndsWith($"最多 {limit} 个字符，现有 {limit + 1} 个", violation.Sentence, StringComparison.Ordinal);
        Assert.Equal($"at most {limit} characters, found {limit + 1}", violation.SentenceEn);
        Assert.DoesNotContain("秘", violation.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FreeTexts))]
    public void Should_let_a_field_through_that_is_as_long_as_it_may_be(string field)
    {
        var (limit, _, with) = Fields[field];

        Assert.Empty(PayExchangeRules.Check(with(new string('中', limit))));
    }

    [Fact]
    public void Should_count_a_rare_character_as_two_units() =>
        Assert.Equal("at most 60 characters, found 62", Only(Payments.WithOrder(order => order with { OrderNo = string.Concat(Enumerable.Repeat("𠮷", 31)) }), Order + "orderNo").SentenceEn);

    [Theory]
    [MemberData(nameof(AllFields))]
    public void Should_refuse_half_of_a_surrogate_pair_by_the_name_of_the_field(string field)
    {
        var violation = Assert.Single(PayExchangeRules.Check(Fields[field].With("\uDC00")));

        Assert.Equal(field, violation.Field);
        Assert.Equal("character 1 is half of a surrogate pair and cannot be encoded", violation.SentenceEn);
    }

    [Theory]
    [InlineData(@"ab\uD800", 3)]
    [InlineData(@"\uD83D\uDE00\uD83D\uD83D\uDE00", 3)]
    [InlineData(@"\uD83D\uDE00\uDE00", 3)]
    [InlineData(@"\uD800a", 1)]
    public void Should_say_where_the_half_of_a_surrogate_pair_stands(string escaped, int position)
    {
        var value = Regex.Unescape(escaped); // the test runner itself cannot carry such a string

        Assert.StartsWith($"character {position} ", Only(Payments.WithHead(head => head with { Note = value }), Head + "note").SentenceEn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9d55ba71-55de-41f4-8b50-c36c83b3b419")]
    [InlineData("9D55BA71-55DE-41F4-8B50-C36C83B3B41")]
    [InlineData("9D55BA71_55DE_41F4_8B50_C36C83B3B419")]
    public void Should_refuse_a_guid_that_is_not_36_capitals(string value) =>
        Assert.Contains("36 位大写字母", Only(Payments.WithHead(head => head with { Guid = value }), Head + "guid").Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("99999999999999.99999")]
    [InlineData("0.00001")]
    [InlineData("0")]
    [InlineData("1.1234500000")]
    public void Should_let_an_amount_of_nineteen_digits_with_five_decimals_through(string amount) =>
        Assert.Empty(PayExchangeRules.Check(Payments.WithHead(head => head with { TotalAmount = Amount(amount) })));

    [Theory]
    [InlineData("100000000000000", "at most 14 digits before the point, found 15")]
    [InlineData("0.123456", "at most 5 decimals, found 6")]
    [InlineData("-0.01", "must not be negative")]
    [InlineData("-0", "must not be negative")]
    public void Should_refuse_any_other_amount(string amount, string sentence) =>
        Assert.Equal(sentence, Only(Payments.WithHead(head => head with { TotalAmount = Amount(amount) }), Head + "totalAmount").SentenceEn);

    [Theory]
    [InlineData("CNY")]
    [InlineData("14a")]
    [InlineData("１４２")]
    public void Should_refuse_a_currency_that_is_no_code_in_digits(string currency) =>
        Assert.Contains("142", Only(Payments.WithHead(head => head with { Currency = currency }), Head + "currency").Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("4")]
    [InlineData("a")]
    public void Should_refuse_an_unknown_verifier(string verDept) =>
        Assert.Contains("UnionPay", Only(Payments.WithHead(head => head with { VerDept = verDept }), Head + "verDept").SentenceEn, StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData(" ")]
    public void Should_refuse_an_unknown_kind_of_payment(string payType) =>
        Assert.Contains("APP", Only(Payments.WithHead(head => head with { PayType = payType }), Head + "payType").SentenceEn, StringComparison.Ordinal);

    [Theory]
    [InlineData("20260230120000")]
    [InlineData("20261111246000")]
    [InlineData("2026-11-11 10:")]
    [InlineData("1551634298")]
    public void Should_refuse_a_time_that_never_was(string tradingTime) =>
        Assert.Contains("yyyyMMddHHmmss", Only(Payments.WithHead(head => head with { TradingTime = tradingTime }), Head + "tradingTime").Sentence, StringComparison.Ordinal);

    [Fact]
    public void Should_refuse_a_payment_without_orders() => Assert.Equal("at least one order is required", Only(Payments.Alipay with { Lists = [] }, "payExchangeInfoLists").SentenceEn);

    [Fact]
    public void Should_refuse_an_order_without_goods() =>
        Assert.Equal("at least one kind of goods is required", Only(Payments.WithOrder(order => order with { GoodsInfo = [] }), Order + "goodsInfo").SentenceEn);

    [Fact]
    public void Should_name_all_that_is_wrong_in_one_go_each_with_its_path()
    {
        var good = Payments.Alipay.Lists[0];
        var bad = good with { GoodsInfo = [good.GoodsInfo[0], new PayExchangeGoods(new string('x', 251), "")], RecpName = "" };
        var payment = new PayExchange(Payments.Alipay.Head with { Guid = "", TotalAmount = -0.123456m }, [good, bad]);

        Assert.Equal(
            [
                "payExchangeInfoHead.guid",
                "payExchangeInfoHead.totalAmount",
                "payExchangeInfoHead.totalAmount",
                "payExchangeInfoLists[1].goodsInfo[1].gname",
                "payExchangeInfoLists[1].goodsInfo[1].itemLink",
                "payExchangeInfoLists[1].recpName",
            ],
            PayExchangeRules.Check(payment).Select(violation => violation.Field), StringComparer.Ordinal);
    }

    private static decimal Amount(string amount) => decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);

    private static FieldViolation Only(PayExchange payment, string field)
    {
        var violation = Assert.Single(PayExchangeRules.Check(payment));
        Assert.Equal(field, violation.Field);
        return violation;
    }
}
