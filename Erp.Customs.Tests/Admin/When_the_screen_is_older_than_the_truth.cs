using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>What a clerk has on his screen may be old when he presses a button: another was quicker, the request moved on, his session ended, the module was switched off.</summary>
public class When_the_screen_is_older_than_the_truth
{
    private const string Requests = "/customs/admin/requests";
    private const string Clerk = ScreenUser.Act + " customs.export";

    [BrowserFact]
    public async Task Should_retry_each_row_once_that_two_clerks_chose_and_tell_the_second()
    {
        await using var world = await ScreenUser.WorldAsync();
        var sessions = new[]
        {
            (await When_customs_requests_are_listed.RejectedAsync(world, "SO1")).SessionId,
            (await When_customs_requests_are_listed.RejectedAsync(world, "SO2")).SessionId,
        };
        // Customs refuse them once more: by their state they could be retried again.
        await using var first = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Clerk);
        await using var second = await first.BesideAsync("李四", Clerk);
        foreach (var page in new[] { first.Page, second.Page })
        {
            await page.GotoAsync(Requests + "?state=rejected");
            await page.GetByLabel("全选本页").CheckAsync();
        }

        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败") with { Times = 2 });
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "重试所选" }).ClickAsync();
        await Expect(first.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("成功 2　失败 0　跳过 0");
        foreach (var session in sessions)
        {
            await world.WaitAsync(session, request => request is { State: "rejected", Attempts: 2 });
        }

        await second.Page.GetByRole(AriaRole.Button, new() { Name = "重试所选" }).ClickAsync();
        await Expect(second.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("成功 0　失败 0　跳过 2（他人已在您打开页面之后重试过，未重复重试 × 2）");
        foreach (var session in sessions)
        {
            Assert.Equal(2, (await world.Services.FindRequestAsync(session, CancellationToken.None))!.Attempts);
        }
    }

    [BrowserFact]
    public async Task Should_say_in_the_drawer_that_the_request_has_moved_on()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Clerk);
        var page = browser.Page;
        await page.GotoAsync(Requests + "?state=rejected");
        await page.GetByRole(AriaRole.Link, new() { Name = "详情" }).First.ClickAsync();
        var drawer = page.Locator("dialog[open]");
        await Expect(drawer.GetByRole(AriaRole.Button, new() { Name = "重试" })).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        using var other = new ScreenUser(world, ScreenUser.Act, "李四");
        await other.SendAsync(Requests, Requests + "?handler=Retry", ("id", await When_customs_requests_are_listed.IdAsync(world, rejected)));
        await world.WaitAsync(rejected.SessionId, "accepted");

        await drawer.GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("您打开页面后状态已变为“已受理”，以下为最新情况");
        await Expect(page.Locator("ol.way li.done")).ToHaveCountAsync(6);
        Assert.Equal(2, (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.Attempts);
    }

    [BrowserFact]
    public async Task Should_tell_whose_session_has_ended_that_nothing_was_changed()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Clerk);
        browser.Expecting("401");
        var page = browser.Page;
        await page.GotoAsync(Requests);
        await page.GetByLabel("选择 SO1").CheckAsync();
        await browser.Context.SetExtraHTTPHeadersAsync([]);

        await page.GetByRole(AriaRole.Button, new() { Name = "重试所选" }).ClickAsync();

        await Expect(page.Locator("body")).ToContainTextAsync("请先登录 ERP，未作任何更改");
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);
    }

    [BrowserFact]
    public async Task Should_show_a_clear_page_while_the_module_is_off_and_go_on_when_it_runs_again()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Clerk);
        browser.Expecting("503");
        var page = browser.Page;
        await page.GotoAsync(Requests);
        await page.GetByLabel("选择 SO1").CheckAsync();
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);

        await page.GetByRole(AriaRole.Button, new() { Name = "重试所选" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "模块已停用" })).ToBeVisibleAsync();
        await Expect(page.GetByText("数据保持不变，未作任何更改")).ToBeVisibleAsync();
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        await page.GetByRole(AriaRole.Link, new() { Name = "重新打开" }).ClickAsync();
        await Expect(page.GetByText("共 1 条")).ToBeVisibleAsync();
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);
    }

    [BrowserFact]
    public async Task Should_ignore_sort_choose_columns_and_export_with_the_keyboard()
    {
        await using var world = await ScreenUser.WorldAsync();
        await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await When_customs_requests_are_listed.RejectedAsync(world, "SO2");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Clerk);
        var page = browser.Page;
        await page.GotoAsync(Requests);

        await page.GetByRole(AriaRole.Link, new() { Name = "用时（毫秒）" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("用时");

        await page.GetByLabel("选择 SO1").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.GetByText("忽略并说明…").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.ShouldBeAccessibleAsync();
        await page.GetByLabel("原因").FillAsync("订单已取消");
        // Enter in the field presses no other button.
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "忽略所选" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("忽略结果：成功 1　失败 0　跳过 0");

        await page.GetByText("列设置").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "应答期限" }).CheckAsync();
        await page.ShouldBeAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(page.Locator("th", new() { HasText = "应答期限" })).ToBeVisibleAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "导出全部" }).ClickAsync());
        Assert.EndsWith(".xlsx", download.SuggestedFilename, StringComparison.Ordinal);
        await page.GotoAsync("/customs/admin/exports");
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
    }
}
