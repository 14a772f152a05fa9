using System.Net;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_the_pages_are_read : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync(acceptUnasked: true);

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Fact]
    public async Task Should_list_sessions_newest_first_with_what_was_answered()
    {
        var first = _customs.NewUpload();
        await _customs.PostAsync(first);
        var second = _customs.NewUpload(Customs.Sm2).With("verDept", "\"9\"");
        await _customs.PostAsync(second);
        await _customs.PostAsync(second);

        var page = await GetAsync("/");

        Assert.True(page.IndexOf(second.SessionId.Trim('"'), StringComparison.Ordinal) < page.IndexOf(first.SessionId.Trim('"'), StringComparison.Ordinal));
        var hash = _customs.Log.Sessions[1].Uploads[0].PayloadSha256;
        foreach (var part in new[] { Customs.Order, Upload.Ebp, Customs.Rsa.CertNo, Customs.Sm2.CertNo, "已受理", "上传成功", "被退回", "20110", "验核机构（verDept）", "<td>2</td>", hash[..12], "2026-11-11 10:00:00.000" })
        {
            Assert.Contains(part, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_show_a_payload_as_text_with_chinese_readable()
    {
        var upload = _customs.NewUpload().With("note", "\"<script>alert('备注')</script> 🎁　\"");
        await _customs.PostAsync(upload);

        var page = await GetAsync($"/sessions/{upload.SessionId.Trim('"')}");

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("小米盒子", page, StringComparison.Ordinal);
        Assert.Contains(upload.HeadText, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a/b%2Fc?d#e&f+g h")]
    [InlineData("会话'\"")]
    [InlineData("{0} {{x}}")]
    public async Task Should_find_a_session_by_any_name(string sessionId)
    {
        var upload = new Upload(Customs.Rsa, "x", Customs.Order) { SessionId = System.Text.Json.JsonSerializer.Serialize(sessionId) };
        await _customs.PostAsync(upload);

        var list = await GetAsync("/");
        var page = await GetAsync($"/sessions/{Uri.EscapeDataString(sessionId)}");

        Assert.DoesNotContain("<img", list + page, StringComparison.Ordinal);
        Assert.Contains(sessionId, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_uploads_without_a_readable_session_and_answers_of_firms()
    {
        await _customs.PostAsync("not json");
        Assert.Contains("not json", await GetAsync("/sessions/_unreadable"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => _customs.Server.Caller.CallPlatDataOpenAsync(new Uri("http://127.0.0.1:1"), "A", "asked", OpenReqShape.Usual, CancellationToken.None));
        Assert.Contains("等待上传", await GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("HTTP 0", await GetAsync("/sessions/asked"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_load_nothing_from_elsewhere()
    {
        using var page = await _customs.Http.GetAsync(_customs.Server.BaseAddress);
        using var css = await _customs.Http.GetAsync(new Uri(_customs.Server.BaseAddress, "/page.css"));
        using var missing = await _customs.Http.GetAsync(new Uri(_customs.Server.BaseAddress, "/sessions/none"));

        Assert.StartsWith("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Equal("text/css", css.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Should_turn_pages_when_there_are_many()
    {
        for (var i = 0; i < 250; i++)
        {
            _customs.Open($"order-{i:000}");
        }

        Assert.Contains("order-249", await GetAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("order-149", await GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("order-149", await GetAsync("/?page=2"), StringComparison.Ordinal);
        Assert.Contains("order-000", await GetAsync("/?page=99"), StringComparison.Ordinal);
    }

    private async Task<string> GetAsync(string path) => await _customs.Http.GetStringAsync(new Uri(_customs.Server.BaseAddress.GetLeftPart(UriPartial.Authority) + path));
}
