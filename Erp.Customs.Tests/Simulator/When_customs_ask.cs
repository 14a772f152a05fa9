using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Erp.Customs.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_customs_ask : IAsyncLifetime
{
    private Customs _customs = null!;
    private WebApplication _firm = null!;
    private (string? ContentType, string Body) _received;
    private (int Status, string Body) _answer = (200, """{"code":"10000","message":"","serviceTime":1533271903898}""");

    public async Task InitializeAsync()
    {
        _customs = await Customs.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _firm = builder.Build();
        _firm.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            _received = (http.Request.ContentType, await reader.ReadToEndAsync());
            http.Response.StatusCode = _answer.Status;
            http.Response.Headers.Location = "http://127.0.0.1:1/";
            await http.Response.WriteAsync(_answer.Body);
        });
        await _firm.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _firm.DisposeAsync();
        await _customs.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_send_the_form_field_openReq(bool timeAsString)
    {
        await AskAsync(new OpenReqShape(OpenReqWrapping.FormJson, timeAsString));

        Assert.Equal("application/x-www-form-urlencoded", _received.ContentType);
        AssertOpenReq(HttpUtility.ParseQueryString(_received.Body)["openReq"]!, timeAsString);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_send_a_json_body(bool timeAsString)
    {
        await AskAsync(new OpenReqShape(OpenReqWrapping.JsonBody, timeAsString));

        Assert.Equal("application/json; charset=utf-8", _received.ContentType);
        AssertOpenReq(_received.Body, timeAsString);
    }

    [Fact]
    public async Task Should_send_plain_form_fields()
    {
        await AskAsync(new OpenReqShape(OpenReqWrapping.FormFields, true));

        var form = HttpUtility.ParseQueryString(_received.Body);
        Assert.Equal("orderNo,sessionID,serviceTime", string.Join(',', form.AllKeys));
        Assert.Equal(("订单\"1", "fe2374-8fnejf97-32839218", "1794362400000"), (form["orderNo"], form["sessionID"], form["serviceTime"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_send_html_escaped_json(bool timeAsString)
    {
        await AskAsync(new OpenReqShape(OpenReqWrapping.HtmlEscapedJson, timeAsString));

        var field = HttpUtility.ParseQueryString(_received.Body)["openReq"]!;
        Assert.StartsWith("{&quot;orderNo&quot;:", field, StringComparison.Ordinal);
        AssertOpenReq(WebUtility.HtmlDecode(field), timeAsString);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_send_backslash_escaped_json(bool timeAsString)
    {
        await AskAsync(new OpenReqShape(OpenReqWrapping.BackslashEscapedJson, timeAsString));

        var field = HttpUtility.ParseQueryString(_received.Body)["openReq"]!;
        Assert.StartsWith("{\\\"orderNo\\\":", field, StringComparison.Ordinal);
        AssertOpenReq(StripSlashes(field), timeAsString);
    }

    [Fact]
    public void Should_know_every_shape() => Assert.Equal(10, OpenReqShape.All.Distinct().Count());

    [Fact]
    public async Task Should_read_a_well_formed_answer()
    {
        var answer = await AskAsync(OpenReqShape.Usual);

        Assert.Equal((200, "10000", "", 1533271903898L, (string?)null, true), (answer.HttpStatus, answer.Code, answer.Message, answer.ServiceTime, answer.Problem, answer.IsAcknowledged));
    }

    [Theory]
    [InlineData(200, """{"code":10000,"message":"","serviceTime":1533271903898}""")]
    [InlineData(200, """{"code":"1000","message":"","serviceTime":1533271903898}""")]
    [InlineData(200, """{"code":"10000","message":null,"serviceTime":1533271903898}""")]
    [InlineData(200, """{"code":"10000","message":"","serviceTime":"1533271903898"}""")]
    [InlineData(200, """{"code":"10000","message":"","serviceTime":1533271903}""")]
    [InlineData(200, """{"code":"10000","message":"","serviceTime":1.53327190389}""")]
    [InlineData(200, """{"code":"10000","message":""}""")]
    [InlineData(200, """{"code":"10000","code":"10000","message":"","serviceTime":1533271903898}""")]
    [InlineData(200, """{"code":"10000","message":"","serviceTime":1533271903898,"total":0}""")]
    [InlineData(200, "[]")]
    [InlineData(200, "<html></html>")]
    [InlineData(200, "")]
    [InlineData(500, """{"code":"10000","message":"","serviceTime":1533271903898}""")]
    [InlineData(307, """{"code":"10000","message":"","serviceTime":1533271903898}""")]
    public async Task Should_not_take_an_answer_that_is_not_in_order(int status, string body)
    {
        _answer = (status, body);
        var answer = await AskAsync(OpenReqShape.Usual);

        Assert.NotNull(answer.Problem);
        Assert.Null(answer.Code);
        Assert.False(answer.IsAcknowledged);
        Assert.Equal((status, body), (answer.HttpStatus, answer.Body));
    }

    [Fact]
    public async Task Should_write_down_question_and_answer_and_remember_them()
    {
        await AskAsync(OpenReqShape.Usual);
        _answer = (200, """{"code":"20001","message":"会话重复","serviceTime":1533271903899}""");
        await AskAsync(OpenReqShape.Usual, orderNo: "other");

        await _customs.RestartAsync();

        var session = _customs.Log.FindSession("fe2374-8fnejf97-32839218")!;
        Assert.Equal(("订单\"1", 2), (session.OrderNo, session.Asks));
        Assert.Equal(["10000", "20001"], session.Answers.Select(answer => answer.Code!), StringComparer.Ordinal);
        Assert.Equal("会话重复", session.Answers[1].Message);
    }

    [Fact]
    public async Task Should_write_down_that_nobody_answered()
    {
        await _firm.StopAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(OpenReqShape.Usual));

        Assert.NotNull(Assert.Single(_customs.Log.FindSession("fe2374-8fnejf97-32839218")!.Answers).Problem);
    }

    [Fact]
    public void Should_draw_sessions_in_customs_style()
    {
        var drawn = Enumerable.Range(0, 100).Select(_ => Caller.NewSessionId()).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(100, drawn.Count);
        Assert.All(drawn, id => Assert.Matches("^[0-9a-f]{6}-[0-9a-z]{8}-[0-9]{8}$", id));
    }

    [Fact]
    public async Task Should_ask_when_told_over_http()
    {
        using var response = await _customs.Http.PostAsJsonAsync(new Uri(_customs.Server.BaseAddress, "/_ask"), new { address = _firm.Urls.First(), orderNo = "A1" });
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal("10000", json.RootElement.GetProperty("answer").GetProperty("code").GetString());
        Assert.Equal("A1", _customs.Log.FindSession(json.RootElement.GetProperty("sessionId").GetString()!)!.OrderNo);
        using var refused = await _customs.Http.PostAsJsonAsync(new Uri(_customs.Server.BaseAddress, "/_ask"), new { address = "file:///etc", orderNo = "A1" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Should_ask_by_the_form_of_the_page()
    {
        using var response = await _customs.Http.PostAsync(
            new Uri(_customs.Server.BaseAddress, "/_ask"),
            Customs.RawForm($"address={Uri.EscapeDataString(_firm.Urls.First())}&orderNo=A2&sessionId=s%2F2&wrapping=FormFields&number=on"));

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/sessions/s%2F2", response.Headers.Location!.OriginalString);
        Assert.StartsWith("orderNo=A2&sessionID=s%2F2&serviceTime=", _received.Body, StringComparison.Ordinal);
    }

    private Task<OpenReqAnswer> AskAsync(OpenReqShape shape, string orderNo = "订单\"1") =>
        _customs.Server.Caller.CallPlatDataOpenAsync(new Uri(_firm.Urls.First()), orderNo, "fe2374-8fnejf97-32839218", shape, CancellationToken.None);

    private static void AssertOpenReq(string json, bool timeAsString)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal(["orderNo", "sessionID", "serviceTime"], root.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.Equal(("订单\"1", "fe2374-8fnejf97-32839218"), (root.GetProperty("orderNo").GetString(), root.GetProperty("sessionID").GetString()));
        Assert.Equal(timeAsString ? "\"1794362400000\"" : "1794362400000", root.GetProperty("serviceTime").GetRawText());
    }

    private static string StripSlashes(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\\(?<one>.)", "${one}", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
