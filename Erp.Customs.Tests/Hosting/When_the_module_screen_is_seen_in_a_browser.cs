using Erp.Customs.Tests.Support;
using Microsoft.Playwright;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_the_module_screen_is_seen_in_a_browser(HostWithUsers host) : IClassFixture<HostWithUsers>
{
    [BrowserFact]
    public async Task Should_switch_a_module_off_and_on_by_a_click()
    {
        await using var browser = await BrowserPage.OpenAsync(host.Program.Address);
        var page = browser.Page;
        await page.GotoAsync("/login");
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
        await page.GetByLabel("用户名").FillAsync("admin");
        await page.GetByLabel("口令").FillAsync(Screens.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "模块管理" }).First.ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "示例模块" });
        await Assertions.Expect(row).ToContainTextAsync("运行中");
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
        await browser.ScreenshotAsync("modules-zh-CN");

        await row.GetByRole(AriaRole.Switch).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("「示例模块」已停用");
        await Assertions.Expect(row.GetByRole(AriaRole.Switch)).Not.ToBeCheckedAsync();
        await page.ShouldBeAccessibleAsync();

        await row.GetByRole(AriaRole.Switch).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("「示例模块」已启用");
        await row.GetByRole(AriaRole.Button, new() { Name = "卸载…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("不能卸载「示例模块」：示例数据须保留");
        await row.GetByRole(AriaRole.Button, new() { Name = "停用并保留档案" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("「示例模块」已停用，没有须保留的档案");
        await row.GetByRole(AriaRole.Switch).ClickAsync();
        await Assertions.Expect(row.GetByRole(AriaRole.Switch)).ToBeCheckedAsync();
    }
}
