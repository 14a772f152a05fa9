using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_a_fault_is_set : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Fact]
    public async Task Should_answer_a_given_code_so_many_times_and_then_behave()
    {
        _customs.Server.Faults.Set(Fault.Reply("20999", "系统繁忙") with { Times = 2 });
        var upload = _customs.NewUpload();

        Assert.Equal(("20999", "系统繁忙"), await CodeAsync(upload));
        Assert.Equal(("20999", "系统繁忙"), await CodeAsync(upload));
        Assert.Equal(("10000", "上传成功"), await CodeAsync(upload));
        Assert.Equal([UploadVerdict.NotJudged, UploadVerdict.NotJudged, UploadVerdict.Accepted], Verdicts(upload));
    }

    [Fact]
    public async Task Should_spoil_only_the_session_it_names()
    {
        var spoilt = _customs.NewUpload();
        var other = _customs.NewUpload();
        _customs.Server.Faults.Set(Fault.Reply("20000", "上传失败") with { SessionId = spoilt.SessionId.Trim('"') });

        Assert.Equal("10000", (await _customs.PostAsync(other)).Code);
        Assert.Equal("20000", (await _customs.PostAsync(spoilt)).Code);
        Assert.Empty(_customs.Server.Faults.Pending);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Should_answer_an_http_status(int status)
    {
        _customs.Server.Faults.Set(Fault.HttpStatus(status));
        var upload = _customs.NewUpload();

        using var response = await SendAsync(upload);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal([UploadVerdict.NotJudged], Verdicts(upload));
    }

    [Fact]
    public async Task Should_lose_the_reply_after_accepting()
    {
        _customs.Server.Faults.Set(Fault.CutAfterAccepting());
        var upload = _customs.NewUpload();

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(upload));

        Assert.Equal([UploadVerdict.Accepted], Verdicts(upload));
        Assert.Equal("20000", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_cut_before_accepting()
    {
        _customs.Server.Faults.Set(Fault.CutBeforeAccepting());
        var upload = _customs.NewUpload();

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(upload));

        Assert.Equal([UploadVerdict.NotJudged], Verdicts(upload));
        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_answer_garbage()
    {
        _customs.Server.Faults.Set(Fault.Garbage());

        using var response = await SendAsync(_customs.NewUpload());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(response.Content.ReadAsStringAsync().Result));
    }

    [Fact]
    public async Task Should_redirect_and_write_down_who_follows()
    {
        _customs.Server.Faults.Set(Fault.Redirect());

        using var response = await SendAsync(_customs.NewUpload());

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(0, _customs.Log.Strays);
        using var followed = await _customs.Http.PostAsync(new Uri(_customs.Server.BaseAddress, response.Headers.Location!), Customs.RawForm("payExInfoStr={}"));
        Assert.Equal(1, _customs.Log.Strays);
    }

    [Fact]
    public async Task Should_answer_too_much()
    {
        _customs.Server.Faults.Set(Fault.Oversized() with { Bytes = 1_000_000 });

        using var response = await SendAsync(_customs.NewUpload());
        var body = await response.Content.ReadAsStringAsync();

        Assert.True(body.Length > 1_000_000);
        using var json = JsonDocument.Parse(body);
        Assert.Equal("10000", json.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Should_live_when_nobody_reads_what_is_too_much()
    {
        _customs.Server.Faults.Set(Fault.Oversized());
        using (var form = new FormUrlEncodedContent([KeyValuePair.Create("payExInfoStr", "{}")]))
        using (var request = new HttpRequestMessage(HttpMethod.Post, _customs.Server.UploadAddress) { Content = form })
        using (await _customs.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            // Headers read, body thrown away.
        }

        Assert.Equal("10000", (await _customs.PostAsync(_customs.NewUpload())).Code);
    }

    [Fact]
    public async Task Should_answer_late_but_accept_at_once()
    {
        _customs.Server.Faults.Set(Fault.Delayed(TimeSpan.FromSeconds(30)));
        var upload = _customs.NewUpload();

        var late = _customs.PostAsync(upload);
        await _customs.Log.WaitForAsync(upload.SessionId.Trim('"'), session => session.AcceptedCount == 1, CancellationToken.None);
        Assert.False(late.IsCompleted);
        while (!late.IsCompleted) // the delay begins a moment after the line
        {
            _customs.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.Equal("10000", (await late).Code);
    }

    [Fact]
    public async Task Should_stop_while_an_answer_is_late()
    {
        _customs.Server.Faults.Set(Fault.Delayed(TimeSpan.FromSeconds(30)));
        var upload = _customs.NewUpload();
        var late = SendAsync(upload);
        await _customs.Log.WaitForAsync(upload.SessionId.Trim('"'), session => session.AcceptedCount == 1, CancellationToken.None);

        await _customs.RestartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => late);
    }

    [Fact]
    public async Task Should_be_set_read_and_cleared_over_http()
    {
        var address = new Uri(_customs.Server.BaseAddress, "/_faults");
        using (var set = await _customs.Http.PostAsJsonAsync(address, new { kind = "status", status = 502, times = 3, judge = true, delayMs = 5, sessionId = "s" }))
        {
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }

        Assert.Equal(new Fault { Kind = FaultKind.Status, Status = 502, Times = 3, Judge = true, DelayMs = 5, SessionId = "s" }, Assert.Single(_customs.Server.Faults.Pending));
        Assert.Equal(_customs.Server.Faults.Pending, await _customs.Http.GetFromJsonAsync<Fault[]>(address));
        using var cleared = await _customs.Http.DeleteAsync(address);
        Assert.Empty(_customs.Server.Faults.Pending);
    }

    [Theory]
    [InlineData("{\"kind\":\"nonsense\"}")]
    [InlineData("{\"kind\":2}")]
    [InlineData("{\"kind\":\"status\",\"status\":200}")]
    [InlineData("{\"kind\":\"cut\",\"times\":0}")]
    [InlineData("{\"kind\":\"cut\",\"times\":\"x\"}")]
    [InlineData("{\"delay\":2}")]
    [InlineData("null")]
    [InlineData("{")]
    public async Task Should_say_what_is_wrong_with_a_fault(string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await _customs.Http.PostAsync(new Uri(_customs.Server.BaseAddress, "/_faults"), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("problem", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_customs.Server.Faults.Pending);
    }

    [Fact]
    public async Task Should_be_set_and_cleared_by_the_form_of_the_page_but_not_from_another_site()
    {
        var address = new Uri(_customs.Server.BaseAddress, "/_faults");
        Assert.Equal(HttpStatusCode.SeeOther, await FormAsync("kind=Cut&times=2&judge=on&delayMs=&status=500&code=&message=&sessionId="));
        Assert.Equal(Fault.CutAfterAccepting() with { Times = 2 }, Assert.Single(_customs.Server.Faults.Pending));
        Assert.Equal(HttpStatusCode.BadRequest, await FormAsync("kind=Cut&times=many"));
        Assert.Equal(HttpStatusCode.Forbidden, await FormAsync("clear=1", origin: "http://evil.example"));
        Assert.Single(_customs.Server.Faults.Pending);
        Assert.Equal(HttpStatusCode.SeeOther, await FormAsync("clear=1", origin: _customs.Server.BaseAddress.GetLeftPart(UriPartial.Authority)));
        Assert.Empty(_customs.Server.Faults.Pending);

        async Task<HttpStatusCode> FormAsync(string body, string? origin = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Customs.RawForm(body) };
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var response = await _customs.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    private async Task<(string Code, string Message)> CodeAsync(Upload upload)
    {
        var reply = await _customs.PostAsync(upload);
        return (reply.Code, reply.Message);
    }

    private async Task<HttpResponseMessage> SendAsync(Upload upload)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("payExInfoStr", upload.ToString())]);
        return await _customs.Http.PostAsync(_customs.Server.UploadAddress, form);
    }

    private IEnumerable<UploadVerdict> Verdicts(Upload upload) => _customs.Log.FindSession(upload.SessionId.Trim('"'))!.Uploads.Select(one => one.Verdict);
}
