using Erp.Customs.Contracts;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Alerts;
using Erp.Customs.Tests.Signing.Agents;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>海关总览, 签名与证书, 告警 and 完整性核对 in a real browser: when all goes well, and when it does not.</summary>
public class When_an_operator_looks_around_in_a_browser
{
    [BrowserFact]
    public async Task Should_start_a_test_upload_from_the_overview_and_hear_of_an_order_that_is_not_there()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await UploadAsync("SO-nowhere");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("没有该订单的支付数据");
        Assert.Equal(0L, await world.RequestsAsync());

        await UploadAsync("SO1");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("SO1");
        await Expect(page.Locator(".tag", new() { HasText = "联调" }).First).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        Assert.Equal(1L, await world.RequestsAsync());

        async Task UploadAsync(string order)
        {
            await page.GotoAsync("/customs/admin");
            await page.GetByLabel("联调：订单编号").FillAsync(order);
            await page.GetByRole(AriaRole.Button, new() { Name = "联调上传" }).ClickAsync();
        }
    }

    [BrowserFact]
    public async Task Should_see_a_wrong_PIN_and_reopen_the_merchant_once_it_is_right()
    {
        await using var world = await AgentWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(new HeaderUsers()));
        await world.AgentAsync(pin: "13572468");
        await using var browser = await BrowserPage.OpenAsync(world.World.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        var questions = new List<string>();
        page.Dialog += async (_, dialog) =>
        {
            questions.Add(dialog.Message);
            await dialog.AcceptAsync();
        };
        await page.GotoAsync("/customs/admin/signing");
        await page.GetByRole(AriaRole.Button, new() { Name = "测试签名 ningbo" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("PIN 有误");
        await page.ShouldBeAccessibleAsync();

        AgentProgram.Prepare(world.FolderOf("pc-1"), world.ModuleAddress, AgentWorld.TokenOf("pc-1"), world.Control, AgentWorld.Pin);
        await page.GetByRole(AriaRole.Button, new() { Name = "重新启用 ningbo" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("已重新启用 ningbo");
        Assert.Contains("多次输错将锁卡", Assert.Single(questions), StringComparison.Ordinal);
        await world.SeenAsync(agent => agent.ClosedAt is null && agent.Standing.Error.Length == 0);
        await page.GetByRole(AriaRole.Button, new() { Name = "测试签名 ningbo" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("签名并验证成功");
    }

    [BrowserFact]
    public async Task Should_try_a_channel_of_alerts_that_works_and_then_does_not()
    {
        await using var robots = await Robots.StartAsync();
        await using var world = await ScreenUser.WorldAsync(When_people_must_know.Settings(robots));
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        await page.GotoAsync("/customs/admin/alerts");
        await page.GetByRole(AriaRole.Button, new() { Name = "发送测试 ops" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("测试消息已由 ops 接收");

        robots.Fault = _ => (200, """{"errcode":310000,"errmsg":"sign not match"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "发送测试 ops" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("ops 未接收：错误码 310000");
        await page.ShouldBeAccessibleAsync();
    }

    [BrowserFact]
    public async Task Should_look_for_what_is_missing_and_be_told_where_it_could_not_look()
    {
        await using var world = await ScreenUser.WorldAsync();
        var (session, _) = await world.AskAsync("SO-unknown");
        await world.WaitAsync(session, "waiting_data");
        await world.SqlAsync("UPDATE customs_request SET deadline = 1 WHERE order_no = 'SO-unknown'");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        await page.GotoAsync("/customs/admin/completeness");
        await page.GetByRole(AriaRole.Button, new() { Name = "立即核对" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("ERP 未提供已支付订单");
        await Expect(page.Locator("main")).ToContainTextAsync("SO-unknown");
        await page.ShouldBeAccessibleAsync();

        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO-unknown"));
        await world.WaitAsync(session, "accepted");
        await page.GetByRole(AriaRole.Button, new() { Name = "立即核对" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("没有缺失");
    }
}
