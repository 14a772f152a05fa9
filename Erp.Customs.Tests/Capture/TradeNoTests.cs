using Erp.Customs.Contracts.Capture;

namespace Erp.Customs.Tests.Capture;

public class TradeNoTests
{
    [Theory]
    [InlineData("<xml><a>1</a><out_trade_no><![CDATA[T1]]></out_trade_no></xml>", "T1")]
    [InlineData("\uFEFF<?xml version=\"1.0\" encoding=\"GBK\"?>\n<xml><p:out_trade_no xmlns:p=\"x\">T1</p:out_trade_no></xml>", "T1")]
    [InlineData("<xml><out_trade_no>T1</out_trade_no><a>1</a><broken", "T1")]
    [InlineData("<xml><other>T1</other></xml>", null)]
    [InlineData("<xml", null)]
    [InlineData("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><xml><out_trade_no>&e;</out_trade_no></xml>", null)]
    [InlineData("{\"out_trade_no\":\"T1\"}", null)]
    [InlineData("", null)]
    public void Is_found_in_XML(string text, string? expected) => Assert.Equal(expected, TradeNo.Xml("out_trade_no")(Request(text)));

    [Theory]
    [InlineData("{\"a\":{\"out_trade_no\":\"T1\"}}", "T1")]
    [InlineData(" {\"a\":{\"out_trade_no\":20261111000001}}", "20261111000001")]
    [InlineData("{\"a\":{\"out_trade_no\":null}}", null)]
    [InlineData("{\"a\":[1]}", null)]
    [InlineData("{\"a\":", null)]
    [InlineData("a=1", null)]
    public void Is_found_in_JSON(string text, string? expected) => Assert.Equal(expected, TradeNo.Json("a.out_trade_no")(Request(text)));

    [Theory]
    [InlineData("out_trade_no=T1&x=1", "T1")]
    [InlineData("x=1&out_trade_no=%E5%8D%95+1%2B", "单 1+")]
    [InlineData("https://pay.example/gateway.do?x=1&out_trade_no=T1", "T1")]
    [InlineData("xout_trade_no=T1", null)]
    [InlineData("out_trade_no", null)]
    public void Is_found_in_a_field(string text, string? expected) => Assert.Equal(expected, TradeNo.Field("out_trade_no")(Request(text)));

    [Fact]
    public void Is_found_in_JSON_inside_a_field() =>
        Assert.Equal("T1", TradeNo.Field("biz_content", "out_trade_no")(Request("https://pay.example/gateway.do?biz_content=%7B%22out_trade_no%22%3A%22T1%22%7D")));

    [Fact]
    public void Is_looked_for_in_the_response_after_the_request()
    {
        var texts = new PaymentTexts("https://pay.example/?out_trade_no=T0", "body", "<xml><out_trade_no>T1</out_trade_no></xml>");
        Assert.Equal("T1", TradeNo.Xml("out_trade_no")(texts));
        Assert.Equal("T0", TradeNo.FirstOf(TradeNo.Json("x"), _ => " ", TradeNo.Field("out_trade_no"), TradeNo.Xml("out_trade_no"))(texts));
        Assert.Null(TradeNo.FirstOf()(texts));
    }

    private static PaymentTexts Request(string text) => new("https://pay.example/", text, "");
}
