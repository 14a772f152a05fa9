using Erp.Customs.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>保留与保全, 证据 and 完整性核对 in a real browser: what is asked before anything is decided, and what stands there afterwards.</summary>
public class When_the_archive_is_looked_after_in_a_browser
{
    private const string Retention = "/customs/admin/retention";

    [BrowserFact]
    public async Task Should_say_that_the_clock_is_right_before_anything_is_erased()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Retention:Cron"] = "0 0 4 1 1 ?" });
        var old = CustomsWorld.Payment("T1", "SO1");
        old["tradingTime"] = "2019-11-11T00:00:01+08:00";
        await world.DeliveredAsync(old);
        // As if the last run had been so long ago that the one after it was due in another year.
        await world.SqlAsync("INSERT INTO retention_run (started_at, dry_run, cutoff, payments, requests, held, doubt) VALUES (1577836800000, 0, 0, 0, 0, 0, '')");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "李四", "customs.view customs.retention");
        var page = browser.Page;
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await page.GotoAsync(Retention);
        await page.GetByRole(AriaRole.Button, new() { Name = "立即试算" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "时钟存疑" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("未删除任何数据");
        await page.ShouldBeAccessibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "时钟无误" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("到期支付 1 笔");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "时钟存疑" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "清理记录" })).ToContainTextAsync("李四");
        Assert.Equal(1L, await world.PaymentsAsync());
    }

    [BrowserFact]
    public async Task Should_place_a_hold_lift_it_and_verify_the_archive()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "李四", ScreenUser.Act + " customs.retention");
        var page = browser.Page;
        var answer = false;
        page.Dialog += async (_, dialog) => await (answer ? dialog.AcceptAsync() : dialog.DismissAsync());
        await page.GotoAsync(Retention);
        await page.GetByLabel("订单编号").FillAsync("SO1");
        await page.GetByLabel("责任人").FillAsync("法务部");
        await page.GetByLabel("保全原因").FillAsync("诉讼 2026-17");
        await page.GetByRole(AriaRole.Button, new() { Name = "设置保全" }).ClickAsync();
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM legal_hold"));

        answer = true;
        await page.GetByRole(AriaRole.Button, new() { Name = "设置保全" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("保全已生效");
        await page.GetByLabel("解除原因").FillAsync("和解");
        await page.GetByRole(AriaRole.Button, new() { Name = "解除", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("保全已解除");
        await page.ShouldBeAccessibleAsync();

        await page.GotoAsync("/customs/admin/evidence");
        await page.GetByRole(AriaRole.Button, new() { Name = "验证全部" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("完好", new() { Timeout = 20_000 });
        await page.ShouldBeAccessibleAsync();
    }
}
