using System.Net;
using System.Text;
using Erp.Customs.Module.Platform;

namespace Erp.Customs.Tests.Platform;

public class OpenReqReaderTests
{
    private const string Json = """{"orderNo":"SO2026-1","sessionID":"fe2374-8fnejf97-32839218","serviceTime":1533271903898}""";

    public static TheoryData<string, string> Shapes => new()
    {
        { "form field, percent-encoded", "openReq=" + Uri.EscapeDataString(Json) },
        { "form field, not encoded", "openReq=" + Json },
        { "form field with serviceTime as text", "openReq=" + Uri.EscapeDataString(Json.Replace("1533271903898", "\"1533271903898\"")) },
        { "plain form fields", "orderNo=SO2026-1&sessionID=fe2374-8fnejf97-32839218&serviceTime=1533271903898" },
        { "JSON body", Json },
        { "JSON body after white space and a BOM", "\uFEFF \r\n" + Json },
        { "JSON body that wraps openReq as an object", $$"""{"openReq":{{Json}}}""" },
        { "JSON body that wraps openReq as text", "{\"openReq\":\"" + Json.Replace("\"", "\\\"") + "\"}" },
        { "&quot;-escaped, percent-encoded", "openReq=" + Uri.EscapeDataString(WebUtility.HtmlEncode(Json)) },
        { "&quot;-escaped, not encoded", "openReq=" + WebUtility.HtmlEncode(Json) },
        { "backslash-escaped, percent-encoded", "openReq=" + Uri.EscapeDataString(Json.Replace("\"", "\\\"")) },
        { "backslash-escaped, not encoded", "openReq=" + Json.Replace("\"", "\\\"") },
        { "a JSON string that holds JSON", "openReq=" + Uri.EscapeDataString("\"" + Json.Replace("\"", "\\\"") + "\"") },
        { "backslash-escaped JSON body", Json.Replace("\"", "\\\"") },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_seen_in_the_wild_is_read(string shape, string body)
    {
        Assert.NotEmpty(shape);
        Assert.Equal(OpenReqCode.Accepted, Read(body, out var openReq));
        Assert.Equal(new OpenReq("SO2026-1", "fe2374-8fnejf97-32839218", "1533271903898"), openReq);
    }

    [Fact]
    public void A_missing_serviceTime_is_no_reason_to_refuse()
    {
        Assert.Equal(OpenReqCode.Accepted, Read("""{"orderNo":"A","sessionID":"s"}""", out var openReq));
        Assert.Equal("", openReq.ServiceTime);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("openReq=")]
    [InlineData("openReq=nonsense")]
    [InlineData("openReq=[1]")]
    [InlineData("other=1&more=2")]
    [InlineData("{\"orderNo\":\"A\",\"orderNo\":\"B\",\"sessionID\":\"s\"}")]
    [InlineData("{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{\"openReq\":{}}}}}}}}}")]
    public void What_holds_no_openReq_is_unreadable(string body) => Assert.Equal(OpenReqCode.Unreadable, Read(body, out _));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_unreadable() =>
        Assert.Equal(OpenReqCode.Unreadable, OpenReqReader.Read([0x6F, 0xFF, 0xFE, 0xC3], out _));

    [Theory]
    [InlineData("""{"orderNo":"","sessionID":"s"}""", OpenReqCode.BadOrderNo)]
    [InlineData("""{"sessionID":"s"}""", OpenReqCode.BadOrderNo)]
    [InlineData("""{"orderNo":["A"],"sessionID":"s"}""", OpenReqCode.BadOrderNo)]
    [InlineData("""{"orderNo":"A\u0000B","sessionID":"s"}""", OpenReqCode.BadOrderNo)]
    [InlineData("orderNo=A&orderNo=B&sessionID=s", OpenReqCode.BadOrderNo)]
    [InlineData("sessionID=s", OpenReqCode.BadOrderNo)]
    [InlineData("""{"orderNo":"A","sessionID":""}""", OpenReqCode.BadSessionId)]
    [InlineData("""{"orderNo":"A"}""", OpenReqCode.BadSessionId)]
    [InlineData("""{"orderNo":"A","sessionID":"a\u0009b"}""", OpenReqCode.BadSessionId)]
    [InlineData("""{"orderNo":"A","sessionID":"a\u0085b"}""", OpenReqCode.BadSessionId)]
    [InlineData("orderNo=A", OpenReqCode.BadSessionId)]
    public void A_field_of_the_wrong_shape_is_named_by_its_code(string body, string code) => Assert.Equal(code, Read(body, out _));

    [Theory]
    [InlineData(128, OpenReqCode.Accepted)]
    [InlineData(129, OpenReqCode.BadSessionId)]
    public void A_sessionID_may_have_128_characters(int length, string code) =>
        Assert.Equal(code, Read($$"""{"orderNo":"A","sessionID":"{{new string('s', length)}}"}""", out _));

    [Fact]
    public void A_sessionID_may_hold_anything_but_control_characters()
    {
        Assert.Equal(OpenReqCode.Accepted, Read("""{"orderNo":"订单 1","sessionID":"会话/+ '\"<>\\😀"}""", out var openReq));
        Assert.Equal("会话/+ '\"<>\\😀", openReq.SessionId);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text() =>
        Assert.NotEqual(OpenReqCode.Accepted, Read("""{"orderNo":"A","sessionID":"\ud800x"}""", out _), StringComparer.Ordinal);

    private static string Read(string body, out OpenReq openReq) => OpenReqReader.Read(Encoding.UTF8.GetBytes(body), out openReq);
}
