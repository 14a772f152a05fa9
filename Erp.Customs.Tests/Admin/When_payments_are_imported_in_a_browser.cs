using Erp.Customs.Tests.Support;
using Microsoft.Playwright;
using static Erp.Customs.Tests.Admin.ImportFiles;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>A clerk imports payments in a real browser: a file with bad cells, two clerks with the same file, a session that ends in between.</summary>
public class When_payments_are_imported_in_a_browser
{
    private const string Import = When_payments_are_imported.Import;

    [BrowserFact]
    public async Task Should_show_bad_cells_import_the_rest_and_take_the_result_away()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", When_payments_are_imported.Importer);
        var page = browser.Page;
        await page.GotoAsync(Import);
        Assert.EndsWith("支付数据导入模板.xlsx", (await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载模板" }).ClickAsync())).SuggestedFilename, StringComparison.Ordinal);

        await UploadAsync(page, Workbook(Row("T1", "SO1"), Row("T2", "SO2", ("交易流水号", 12345678901234567890d), ("交易金额", "<b>1</b>"))));

        await Expect(page.Locator("#import h2")).ToContainTextAsync("待确认", Slow);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "3 交易流水号 已被 Excel 变成数字并丢失位数" })).ToBeVisibleAsync();
        Assert.Equal(0, await world.PaymentsAsync());
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
        await browser.ScreenshotAsync("import-checked");

        await page.GetByRole(AriaRole.Button, new() { Name = "确认导入 1 笔支付" }).ClickAsync();

        await Expect(page.Locator("#import h2")).ToContainTextAsync("已完成", Slow);
        await Expect(page.GetByText("已保存 1　已存在 0　失败 1")).ToBeVisibleAsync();
        var result = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载结果文件" }).ClickAsync());
        Assert.Equal("导入结果-1.xlsx", result.SuggestedFilename);
        await page.ShouldBeAccessibleAsync();
        Assert.Equal(1, await world.PaymentsAsync());
    }

    [BrowserFact]
    public async Task Should_double_nothing_when_two_clerks_import_the_same_file()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var first = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", When_payments_are_imported.Importer);
        await using var second = await first.BesideAsync("李四", When_payments_are_imported.Importer);
        var file = Workbook([.. Enumerable.Range(0, 50).Select(number => Row($"T{number}", $"SO{number}"))]);
        foreach (var page in new[] { first.Page, second.Page })
        {
            await page.GotoAsync(Import);
            await UploadAsync(page, file);
            await Expect(page.Locator("#import h2")).ToContainTextAsync("待确认", Slow);
        }

        await Task.WhenAll(new[] { first.Page, second.Page }.Select(page => page.GetByRole(AriaRole.Button, new() { Name = "确认导入 50 笔支付" }).ClickAsync()));

        await Expect(first.Page.Locator("#import h2")).ToContainTextAsync("已完成", Slow);
        await Expect(second.Page.Locator("#import h2")).ToContainTextAsync("已完成", Slow);
        Assert.Equal(50, await world.PaymentsAsync());
    }

    [BrowserFact]
    public async Task Should_store_nothing_after_the_session_has_ended_and_go_on_in_a_new_one()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", When_payments_are_imported.Importer);
        browser.Expecting("401 (Unauthorized)");
        var page = browser.Page;
        await page.GotoAsync(Import);
        await UploadAsync(page, Workbook(Row("T1", "SO1")));
        await Expect(page.Locator("#import h2")).ToContainTextAsync("待确认", Slow);
        var address = page.Url;

        await browser.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>(StringComparer.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "确认导入 1 笔支付" }).ClickAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("请先登录 ERP");
        Assert.Equal(0, await world.PaymentsAsync());

        await browser.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderUsers.Name] = Uri.EscapeDataString("王五"),
            [HeaderUsers.Permissions] = When_payments_are_imported.Importer,
        });
        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "确认导入 1 笔支付" }).ClickAsync();
        await Expect(page.Locator("#import h2")).ToContainTextAsync("已完成", Slow);
        Assert.Equal(1, await world.PaymentsAsync());
    }

    private static LocatorAssertionsToContainTextOptions Slow { get; } = new() { Timeout = 30_000 };

    private static async Task UploadAsync(IPage page, byte[] file)
    {
        await page.GetByLabel("文件（.xlsx 或 CSV").SetInputFilesAsync(new FilePayload { Name = "payments.xlsx", MimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Buffer = file });
        await page.GetByRole(AriaRole.Button, new() { Name = "上传并检查" }).ClickAsync();
    }
}
