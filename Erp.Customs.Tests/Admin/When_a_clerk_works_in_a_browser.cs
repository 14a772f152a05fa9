using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Erp.Customs.Tests.Admin;

/// <summary>The clerk's day in a real browser: filter, drawer, selection, retry, push, every screen readable for everybody.</summary>
public class When_a_clerk_works_in_a_browser
{
    private const string Requests = "/customs/admin/requests";

    [BrowserTheory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task Should_read_every_screen_in_his_language(string language)
    {
        await using var world = await ScreenUser.WorldAsync();
        await FillAsync(world);
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act + " customs.clear customs.retention customs.settings customs.templates customs.import customs.export", language);
        foreach (var (address, name) in new[]
        {
            ("/customs/admin", "overview"), (Requests, "requests"), ("/customs/admin/requests/1", "request"), ("/customs/admin/orders", "payments"), ("/customs/admin/orders/pushes", "pushes"),
            ("/customs/admin/orders/readiness", "readiness"), ("/customs/admin/orders/detail?no=SO-push-1", "order"), ("/customs/admin/orders/originals?no=SO-push-1", "originals"),
            ("/customs/admin/orders/receiver", "receiver"), ("/customs/admin/orders/import", "import"), ("/customs/admin/exports", "exports"), ("/customs/admin/signing", "signing"),
            ("/customs/admin/evidence", "evidence"), ("/customs/admin/retention", "retention"), ("/customs/admin/completeness", "completeness"), ("/customs/admin/alerts", "alerts"),
            ("/customs/admin/templates", "templates"), ("/customs/admin/templates/edit?name=179/head", "template"), ("/customs/admin/settings", "settings"), ("/customs/admin/operations", "operations"),
        })
        {
            await browser.Page.GotoAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? "&" : "?")}lang={language}");
            await Expect(browser.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
            await browser.Page.ShouldBeAccessibleAsync();
            await browser.Page.ShouldNotScrollSidewaysAsync();
            if (language == "zh-CN" && name.Length > 0)
            {
                await browser.ScreenshotAsync(name);
            }
        }
    }

    [BrowserFact]
    public async Task Should_open_a_detail_beside_the_list_and_come_back_to_it()
    {
        await using var world = await ScreenUser.WorldAsync();
        await FillAsync(world);
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        await page.GotoAsync(Requests + "?state=rejected");

        await page.GetByRole(AriaRole.Link, new() { Name = "详情" }).First.ClickAsync();

        var drawer = page.Locator("dialog[open]");
        await Expect(drawer.Locator("h2")).ToContainTextAsync("海关请求 SO-rejected");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/admin/requests/[0-9]+$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await drawer.GetByText("上报报文（个人信息已脱敏）").ClickAsync();
        await Expect(drawer.GetByText("payExchangeInfoHead", new() { Exact = true })).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await browser.ScreenshotAsync("request-drawer");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await Expect(page).ToHaveURLAsync(new Uri(world.Http.BaseAddress!, Requests + "?state=rejected").ToString());
    }

    [BrowserFact]
    public async Task Should_retry_chosen_rows_and_one_row_alone()
    {
        await using var world = await ScreenUser.WorldAsync();
        var ids = new List<string>();
        foreach (var number in new[] { "SO1", "SO2", "SO3" })
        {
            ids.Add((await When_customs_requests_are_listed.RejectedAsync(world, number)).SessionId);
        }

        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        await page.GotoAsync(Requests);
        var retry = page.GetByRole(AriaRole.Button, new() { Name = "重试所选" });
        await Expect(retry).ToBeDisabledAsync();

        // One row's button sends that row alone, whatever else is chosen.
        await page.GetByLabel("选择 SO1").CheckAsync();
        await Expect(retry).ToHaveTextAsync("重试所选（1）");
        await page.Locator("tr", new() { HasText = "SO2" }).GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("成功 1　失败 0　跳过 0");
        await world.WaitAsync(ids[1], "accepted");
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(ids[0], CancellationToken.None))!.State);

        await page.GetByLabel("全选本页").CheckAsync();
        await Expect(retry).ToHaveTextAsync("重试所选（3）");
        await retry.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("成功 2　失败 0　跳过 1（海关已受理，不能再次上报 × 1）");
        await browser.ScreenshotAsync("requests-retried");
        await world.WaitAsync(ids[0], "accepted");
        await world.WaitAsync(ids[2], "accepted");
    }

    [BrowserFact]
    public async Task Should_be_asked_before_a_whole_filter_is_retried()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        var questions = new List<string>();
        var answer = false;
        page.Dialog += async (_, dialog) =>
        {
            questions.Add(dialog.Message);
            await (answer ? dialog.AcceptAsync() : dialog.DismissAsync());
        };
        await page.GotoAsync(Requests + "?state=rejected");

        await page.GetByRole(AriaRole.Button, new() { Name = "重试全部（1）" }).ClickAsync();
        Assert.Contains("将重试符合条件的 1 条请求", Assert.Single(questions), StringComparison.Ordinal);
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);

        answer = true;
        await page.GetByRole(AriaRole.Button, new() { Name = "重试全部（1）" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("成功 1");
        await world.WaitAsync(rejected.SessionId, "accepted");
    }

    [BrowserFact]
    public async Task Should_take_a_bundle_away_and_then_look_at_the_originals_on_the_same_page()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", "customs.view customs.clear");
        var page = browser.Page;
        await page.GotoAsync("/customs/admin/orders/originals?no=SO1");

        await page.GetByLabel("查阅原因").FillAsync("海关稽核");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "下载证据包" }).ClickAsync());
        Assert.StartsWith("evidence-ningbo-SO1-", download.SuggestedFilename, StringComparison.Ordinal);
        await page.GetByLabel("查阅原因").FillAsync("客户申诉");
        await page.GetByRole(AriaRole.Button, new() { Name = "查看原文" }).ClickAsync();

        await Expect(page.GetByText("alipay.trade.pay")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
    }

    [BrowserFact]
    public async Task Should_push_again_what_was_wrong_at_the_bridge()
    {
        await using var world = await ScreenUser.WorldAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9904" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "data_error");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await page.GotoAsync("/customs/admin/orders/pushes?state=data_error");

        await page.GetByLabel("选择 SO1").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "重推所选" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("重推结果：成功 1");
        await world.WaitForPushAsync("SO1", "pushed");
    }

    [BrowserFact]
    public async Task Should_find_pasted_numbers_with_the_keyboard_alone()
    {
        await using var world = await ScreenUser.WorldAsync();
        await FillAsync(world);
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", ScreenUser.Act);
        var page = browser.Page;
        await page.GotoAsync(Requests);
        await page.GetByLabel("订单编号（可粘贴多个）").FocusAsync();
        await page.Keyboard.InsertTextAsync("SO-rejected\nSO-unknown");
        for (var tabs = 0; tabs < 100 && await page.EvaluateAsync<string>("document.activeElement.textContent") != "查询"; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("共 2 条")).ToBeVisibleAsync();
    }

    /// <summary>Something of everything: accepted, rejected, waiting for data, pushed, paid and declared, wrong.</summary>
    private static async Task FillAsync(CustomsWorld world)
    {
        await When_customs_requests_are_listed.RejectedAsync(world, "SO-rejected");
        var payment = CustomsWorld.Payment("T2", "SO-accepted", "SO-beside");
        payment["tradingTime"] = DateTimeOffset.UtcNow.ToString("O");
        await world.DeliveredAsync(payment);
        await world.AnswerAsync("SO-accepted");
        await world.AskAsync("SO-unknown");
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9902", OrderNo = "SO-push-2" });
        foreach (var number in new[] { "SO-push-1", "SO-push-2", "SO-push-3" })
        {
            var push = CustomsWorld.Push(number);
            push["payTime"] = DateTimeOffset.UtcNow.ToString("O");
            await world.PushedAsync(push);
        }

        await world.PaidAsync("SO-push-1");
        await world.WaitForPushAsync("SO-push-2", "data_error");
        await world.WaitForPushAsync("SO-push-3", "pushed");
    }
}
