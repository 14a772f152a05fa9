using Xunit.Sdk;

namespace Erp.Customs.Tests.Support;

/// <summary>The checks find what they are for.</summary>
public class When_a_page_is_judged
{
    private static readonly Uri s_host = new("http://127.0.0.1:9/");

    [BrowserTheory]
    [InlineData("<h1>海关</h1><label>订单 <input></label><button>查询</button><a href='#'>退出</a><button disabled style='color:#ccc'>导出</button>", null)]
    [InlineData("<p>no heading</p>", "0 h1")]
    [InlineData("<h1>a</h1><div role='dialog'>b</div><ul><p>c</p></ul>", "list: <ul>")]
    [InlineData("<h1>a</h1><button style='width:10px;height:10px;padding:0;border:0' aria-label='b'></button><button style='width:10px;height:10px;padding:0;border:0' aria-label='c'></button>", "target-size: <button")]
    [InlineData("<h1>a</h1><h1>b</h1>", "2 h1")]
    [InlineData("<h1>a</h1><input>", "label: <input>")]
    [InlineData("<h1>a</h1><select></select>", "select-name: ")]
    [InlineData("<h1>a</h1><button><i></i></button>", "button-name: ")]
    [InlineData("<h1>a</h1><a href='#'><img src='data:,' alt=''></a>", "link-name: ")]
    [InlineData("<h1>a</h1><table><tr><th> </th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "no text: <th> </th>")]
    [InlineData("<h1 id=x>a</h1><p id=x>b</p>", "id twice: x")]
    [InlineData("<h1>a</h1><a href='#' style='outline:none'>b</a>", "focus not seen: <a")]
    [InlineData("<h1>a</h1><p style='color:#777'>grey</p>", "color-contrast: ")]
    [InlineData("<h1>a</h1><p style='color:#767676'>grey</p>", null)]
    [InlineData("<h1 style='color:#949494;font-size:24px'>海关请求</h1>", null)]
    [InlineData("<h1 style='color:#aaa;font-size:24px'>海关请求</h1>", "color-contrast: ")]
    [InlineData("<h1>a</h1><div style='background:#000'><p style='opacity:.4;color:#fff'>dim</p></div>", "color-contrast: ")]
    [InlineData("<h1>a</h1><div style='background:#001529'><div style='background:rgb(255 255 255 / 5%)'><p style='color:#fff'>b</p></div></div>", null)]
    [InlineData("<h1>a</h1><div style='width:2000px'>wide</div>", "scrolls sideways at 390 px")]
    public async Task Should_find_what_people_would_miss(string body, string? complaint)
    {
        await using var browser = await BrowserPage.OpenAsync(s_host);
        await ShowAsync(browser, $"<!doctype html><html lang=zh-CN><head><title>t</title></head><body>{body}</body></html>");
        async Task JudgeAsync()
        {
            await browser.Page.ShouldBeAccessibleAsync();
            await browser.Page.ShouldNotScrollSidewaysAsync();
        }

        if (complaint is null)
        {
            await JudgeAsync();
        }
        else
        {
            Assert.Contains(complaint, (await Assert.ThrowsAsync<XunitException>(JudgeAsync)).Message, StringComparison.Ordinal);
        }
    }

    [BrowserTheory]
    [InlineData("<script>console.error('oh')</script>", "console: oh")]
    [InlineData("<script>throw new Error('oh')</script>", "page error: Error: oh")]
    [InlineData("<img src='http://example.invalid/x.png'>", "another host: GET http://example.invalid/x.png")]
    [InlineData("<img src='http://127.0.0.1:9/x.png'>", "failed request: GET http://127.0.0.1:9/x.png")]
    [InlineData("<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\"><p style='color:red'>x</p>", "content security policy: style-src-attr")]
    public async Task Should_not_let_a_complaint_of_the_browser_pass(string body, string complaint)
    {
        var browser = await BrowserPage.OpenAsync(s_host);
        await ShowAsync(browser, body);
        Assert.Contains(complaint, (await Assert.ThrowsAsync<XunitException>(() => browser.DisposeAsync().AsTask())).Message, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Should_let_pass_what_the_test_is_about_and_that_alone()
    {
        await using var one = (await BrowserPage.OpenAsync(s_host)).Expecting("console: oh");
        await using var beside = await one.BesideAsync("王五");
        await ShowAsync(one, "<script>console.error('oh'); console.error('what else')</script>");
        Assert.Contains("console: what else", Assert.Single(one.Complaints), StringComparison.Ordinal);
        one.Expecting("console: what else");
        Assert.Empty(beside.Complaints);
    }

    private static async Task ShowAsync(BrowserPage browser, string html)
    {
        await browser.Context.RouteAsync(s_host + "page", route => route.FulfillAsync(new() { ContentType = "text/html", Body = html }));
        await browser.Page.GotoAsync("/page");
    }
}
