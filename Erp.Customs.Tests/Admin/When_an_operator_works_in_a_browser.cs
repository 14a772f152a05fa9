using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>The operator's screens in a real browser: settings, templates, the operation log, and what stands where a screen cannot be shown.</summary>
public class When_an_operator_works_in_a_browser
{
    private const string Settings = When_a_setting_is_changed.Screen;
    private const string Permissions = "customs.view customs.retry customs.settings customs.templates";

    [BrowserFact]
    public async Task Should_change_a_setting_put_it_into_force_and_find_it_in_the_log()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Permissions);
        browser.Expecting("503");
        var page = browser.Page;
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await page.GotoAsync(Settings);
        var group = page.Locator("#upload");

        await group.GetByLabel("应答时限").FillAsync("0");
        await group.GetByLabel("修改原因").FillAsync("联调需要");
        await group.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(group.Locator(".wrong")).ToContainTextAsync("设置 Customs:Deadline 的值“0”有误");
        await Expect(group.GetByLabel("应答时限")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.ShouldBeAccessibleAsync();

        await group.GetByLabel("应答时限").FillAsync("90");
        await group.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("已保存，待生效");
        await Expect(page.Locator("#waiting")).ToContainTextAsync("90");
        await page.ShouldBeAccessibleAsync();

        // The page that asks again by itself leads back when the module runs.
        await page.GetByRole(AriaRole.Button, new() { Name = "立即生效" }).ClickAsync();
        await Expect(page.Locator("[data-setting='Customs:Deadline']")).ToContainTextAsync("本页", new() { Timeout = 30_000 });
        await Expect(page.Locator("#waiting")).ToHaveCountAsync(0);

        await page.GotoAsync("/customs/admin/operations");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "参数设置：保存" })).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "参数设置：立即生效" })).ToHaveCountAsync(1);
        await page.ShouldBeAccessibleAsync();
    }

    [BrowserFact]
    public async Task Should_be_told_when_another_has_saved_settings_first()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var first = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Permissions);
        await using var second = await first.BesideAsync("李四", Permissions);
        await first.Page.GotoAsync(Settings);
        await second.Page.GotoAsync(Settings);
        await SaveAsync(second.Page, "5");
        await Expect(second.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("已保存");

        await SaveAsync(first.Page, "7");

        await Expect(first.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("最近由 李四");
        await Expect(first.Page.Locator("#waiting")).ToContainTextAsync("5");
        await Expect(first.Page.Locator("#retention").GetByLabel("保留年限")).ToHaveValueAsync("7");
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM setting_change"));

        static async Task SaveAsync(IPage page, string years)
        {
            await page.Locator("#retention").GetByLabel("保留年限").FillAsync(years);
            await page.Locator("#retention").GetByLabel("修改原因").FillAsync("集团要求");
            await page.Locator("#retention").GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        }
    }

    [BrowserFact]
    public async Task Should_publish_a_template_once_of_two_who_do_at_the_same_time_and_only_look_without_Scriban()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var first = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Permissions);
        first.Page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await first.Page.GotoAsync("/customs/admin/templates");
        await first.Page.GetByRole(AriaRole.Link, new() { Name = "179/head" }).ClickAsync();
        await Expect(first.Page.GetByText("head.initalRequest | json")).ToBeVisibleAsync();
        if (!PayExchangeRenderers.ScribanBuiltIn)
        {
            await Expect(first.Page.Locator("[data-warning=no-scriban]")).ToContainTextAsync("本构建不含 Scriban");
            await Expect(first.Page.GetByRole(AriaRole.Button, new() { Name = "发布" })).ToHaveCountAsync(0);
            await first.Page.ShouldBeAccessibleAsync();
            return;
        }

        await using var second = await first.BesideAsync("李四", Permissions);
        second.Page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await second.Page.GotoAsync(When_a_template_is_published.Head);
        foreach (var page in new[] { first.Page, second.Page })
        {
            var editor = page.GetByLabel("模板（Scriban）");
            await editor.FillAsync(When_a_template_is_published.Blank(await editor.InputValueAsync()));
            await page.GetByRole(AriaRole.Button, new() { Name = "试渲染" }).ClickAsync();
            await Expect(page.Locator("#differences")).ToContainTextAsync("与内置渲染器不同之处");
            await page.ShouldBeAccessibleAsync();
            await page.GetByLabel("发布原因").FillAsync("海关要求");
            await page.GetByRole(AriaRole.Button, new() { Name = "发布", Exact = true }).ClickAsync();
            await page.GetByLabel("我已逐项核对上述差异").CheckAsync();
        }

        await second.Page.GetByRole(AriaRole.Button, new() { Name = "发布", Exact = true }).ClickAsync();
        await Expect(second.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("版本 1 已发布并生效");
        await first.Page.GetByLabel("模板（Scriban）").FillAsync("{{- # 王五 -}}\n" + await first.Page.GetByLabel("模板（Scriban）").InputValueAsync());
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "发布", Exact = true }).ClickAsync();

        await Expect(first.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("李四 已于");
        await Expect(first.Page.GetByLabel("模板（Scriban）")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("# 王五", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await first.Page.ShouldBeAccessibleAsync();
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM template_version"));
    }

    [BrowserFact]
    public async Task Should_find_a_readable_page_where_a_screen_cannot_be_shown()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var stranger = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", "erp.orders");
        stranger.Expecting("403").Expecting("404").Expecting("503");
        foreach (var (address, words) in new[] { ("/customs/admin", "没有权限"), ("/customs/admin/nowhere", "没有这个页面") })
        {
            await stranger.Page.GotoAsync(address);
            await Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(words);
            await stranger.Page.ShouldBeAccessibleAsync();
            await stranger.Page.ShouldNotScrollSidewaysAsync();
        }

        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await stranger.Page.GotoAsync("/customs/admin/requests");
        await Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("模块已停用");
        await stranger.Page.ShouldBeAccessibleAsync();
    }

    [BrowserFact]
    public async Task Should_be_told_in_the_page_when_the_session_ends_or_the_module_is_switched_off_under_an_open_form()
    {
        await using var world = await ScreenUser.WorldAsync();
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", Permissions);
        browser.Expecting("401").Expecting("503");
        var page = browser.Page;
        await page.GotoAsync(Settings);
        await browser.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>(StringComparer.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "测试海关连接" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("登录已过期");

        await browser.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [HeaderUsers.Name] = Uri.EscapeDataString("王五"), [HeaderUsers.Permissions] = Permissions });
        await page.GotoAsync(Settings);
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await page.GetByRole(AriaRole.Button, new() { Name = "测试海关连接" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("模块已停用");
    }
}
