using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Erp.Customs.Module.Admin.Masking;
using FsCheck;
using FsCheck.Fluent;

namespace Erp.Customs.Tests.Admin;

/// <summary>Raw payment messages on screens: the trade is seen, the person is not.</summary>
public class When_a_raw_message_is_masked
{
    private const string WeChat = """
        <xml><appid><![CDATA[wx2421b1c4370ec43b]]></appid><attach>收件人 张三</attach><bank_type>CFT</bank_type><openid>oUpF8uMEb4qRXf22hE3X68TekukE</openid>
        <out_trade_no>SO20261111000001</out_trade_no><result_code>SUCCESS</result_code><time_end>20261111000001</time_end><total_fee>10010</total_fee>
        <transaction_id>4200001234202611111234567890</transaction_id></xml>
        """;

    [Fact]
    public void Should_show_the_trade_of_WeChat_and_hide_the_person()
    {
        var shown = Text(WeChat);
        foreach (var value in new[] { "SO20261111000001", "SUCCESS", "20261111000001", "10010", "4200001234202611111234567890", "wx2421b1c4370ec43b", "CFT" })
        {
            Assert.Contains(value, shown, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("张三", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("oUpF8u", shown, StringComparison.Ordinal);
        Assert.Contains("openid ＊＊＊（28 字）", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_read_an_Alipay_address_with_the_JSON_in_it()
    {
        var content = """{"out_trade_no":"SO1","buyer_logon_id":"zhangsan@example.cn","receiver":{"name":"张三","mobile":"13817494910"},"total_amount":"100.10"}""";
        var shown = Text($"https://openapi.alipay.com/gateway.do?method=alipay.trade.pay&timestamp=2026-11-11+00%3A00%3A01&biz_content={Uri.EscapeDataString(content)}");
        Assert.Contains("https://openapi.alipay.com/…", shown, StringComparison.Ordinal);
        Assert.Contains("method alipay.trade.pay", shown, StringComparison.Ordinal);
        Assert.Contains("timestamp 2026-11-11 00:00:01", shown, StringComparison.Ordinal);
        Assert.Contains("out_trade_no SO1", shown, StringComparison.Ordinal);
        Assert.Contains("total_amount 100.10", shown, StringComparison.Ordinal);
        Assert.Contains("mobile ＊＊＊（11 字）", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("zhangsan", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_show_how_an_order_stands_at_the_bridge()
    {
        var shown = Text("""{" ReturnCode ":"0000","OrderNo":"SO1","PaymentNo":"116457597854388443","CustomsMsg":"已支付+已报关","ReceiverName":"张三","ReturnMsg":"张三的订单"}""");
        Assert.Contains("ReturnCode 0000", shown, StringComparison.Ordinal);
        Assert.Contains("CustomsMsg 已支付+已报关", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out_trade_no", "13817494910")]
    [InlineData("out_trade_no", "+8613817494910")]
    [InlineData("trade_no", "11010519491231002X")]
    [InlineData("seller_id", "6217850100007893905")]
    [InlineData("code", "ZHANG SAN")]
    [InlineData("result", "张三")]
    [InlineData("state", "<b>x</b>")]
    public void Should_hide_a_person_even_where_a_trade_number_should_stand(string field, string value) =>
        Assert.DoesNotContain(value, Text(new JsonObject { [field] = value }.ToJsonString(Readable)), StringComparison.Ordinal);

    [Theory]
    [InlineData("张三 13817494910")]
    [InlineData("{\"name\":\"张三\"")]
    [InlineData("<xml><name>张三</name>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;张三</x>")]
    [InlineData("\"张三\"")]
    [InlineData("{\"张三\":\"SUCCESS\"}")]
    [InlineData("张三=1")]
    [InlineData("https://张三:13817494910@example.cn/?code=1")]
    [InlineData("[\"张三\",[\"张三\"]]")]
    [InlineData("{\"a\":\"\\ud800张三\"}")]
    [InlineData("<x code=\"张三\">张三<!--张三--><y>张三</y>张三</x>")]
    public void Should_show_nothing_that_it_did_not_understand(string message)
    {
        var shown = Text(message);
        Assert.DoesNotContain("张三", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("13817494910", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_what_it_cannot_decode()
    {
        var masked = MaskedMessage.Of([0xff, 0xfe, 0x41], "utf-8");
        Assert.Empty(masked.Lines);
        Assert.Contains("不是有效的 utf-8 编码", masked.Problem, StringComparison.Ordinal);
        Assert.Equal((0, null), (MaskedMessage.Of([]).Lines.Count, MaskedMessage.Of([]).Problem));
    }

    [Fact]
    public void Should_read_GBK()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var masked = MaskedMessage.Of(Encoding.GetEncoding("gbk").GetBytes("{\"trade_status\":\"TRADE_SUCCESS\",\"gname\":\"婴儿奶粉\"}"), "gbk");
        Assert.Contains(masked.Lines, line => line is { Name: "gname", Value: "婴儿奶粉", IsHidden: false });
    }

    [Fact]
    public void Should_end_with_what_is_very_deep_or_very_long()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5_000)) + string.Concat(Enumerable.Repeat("]", 5_000));
        Assert.Single(MaskedMessage.Of(Encoding.UTF8.GetBytes(deep)).Lines);
        var xml = string.Concat(Enumerable.Repeat("<a>", 3_000)) + "张三" + string.Concat(Enumerable.Repeat("</a>", 3_000));
        Assert.DoesNotContain("张三", Text(xml), StringComparison.Ordinal);
        var nested = "张三";
        foreach (var _ in Enumerable.Range(0, 12))
        {
            nested = new JsonObject { ["biz_content"] = nested }.ToJsonString(Readable);
        }

        Assert.DoesNotContain("张三", Text(nested), StringComparison.Ordinal);
        var many = MaskedMessage.Of(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, 10_000)) + "]"));
        Assert.Equal(2_000, many.Lines.Count);
        Assert.Contains("只显示前 2000 行", many.Problem, StringComparison.Ordinal);
    }

    /// <summary>A person's data anywhere in a message of any shape, in fields of any name, is nowhere on the screen.</summary>
    [Fact]
    public void Should_never_show_a_value_that_no_known_field_may_have()
    {
        const string canary = "王小明";
        var names = Gen.OneOf(Gen.Elements("code", "OrderNo", "name", "out_trade_no", "initalRequest", "biz_content", "a b", "张", "result", "x-y"), ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get));
        var around = Gen.Elements("", " ", "{", "<", "&", "=", "%", "\"", "1", "http://a/?x=", "订单");
        var values = from before in around from after in around select before + canary + after;
        var shapes = Gen.Choose(0, 4);
        var messages = from depth in Gen.Choose(1, 4) from name in names from value in values from shape in shapes from inner in shapes select Wrap(Wrap(value, name, inner, 1), name, shape, depth);
        Prop.ForAll(messages.ToArbitrary(), message => !Text(message).Contains(canary, StringComparison.Ordinal)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Should_leave_enough_of_a_person_to_tell_two_apart()
    {
        Assert.Equal(("张**", "𠮷**", ""), (Mask.Name("张三"), Mask.Name("𠮷野家"), Mask.Name("")));
        Assert.Equal(("110*************2X", "*******"), (Mask.Card("11010519491231002X"), Mask.Card("G123456")));
        Assert.Equal(("138****4910", "*****"), (Mask.Mobile("13817494910"), Mask.Mobile("12345")));
        Assert.Equal(("****3905", "****"), (Mask.Account("6217850100007893905"), Mask.Account("1234")));
        Assert.Equal("收款人 *********** 有误，订单 SO20261111000001", Mask.Sentence("收款人 13817494910 有误，订单 SO20261111000001"));
        Assert.Equal("******************，****************", Mask.Sentence("11010519491231002X，6217850100007893"));
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Text(string message)
    {
        var masked = MaskedMessage.Of(Encoding.UTF8.GetBytes(message));
        return string.Join('\n', masked.Lines.Select(line => $"{line.Name} {(line.IsHidden ? Erp.Customs.Module.Words.In(line.Value, english: false) : line.Value)}")) + masked.Problem;
    }

    private static string Wrap(string value, string name, int shape, int depth)
    {
        var wrapped = shape switch
        {
            0 => new JsonObject { [name] = value }.ToJsonString(Readable),
            1 => new XElement("xml", new XElement("code", XmlSafe(value)), new XAttribute("result", XmlSafe(value))).ToString(),
            2 => $"code=1&{WebUtility.UrlEncode(name)}={WebUtility.UrlEncode(value)}",
            3 => $"https://pay.example.cn/gateway?{WebUtility.UrlEncode(name)}={WebUtility.UrlEncode(value)}&code={WebUtility.UrlEncode(value)}",
            _ => new JsonArray(value, new JsonObject { ["code"] = value }).ToJsonString(Readable),
        };
        return depth <= 1 ? wrapped : Wrap(wrapped, name, shape, depth - 1);
    }

    private static string XmlSafe(string text) => string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar));
}
