using System.Globalization;
using System.Text.Json.Nodes;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>What customs, the ERP, its buyers and payment companies write is shown as the text that it is, and runs nothing in a real browser.</summary>
public class When_a_text_is_hostile
{
    private static readonly string[] s_attacks =
    [
        "<script>pwned()</script>", "\"><script>pwned()</script>", "'><img src=x onerror=pwned()>", "<img src=x onerror=pwned()>", "<svg onload=pwned()>", "<svg><script>pwned()</script></svg>",
        "</td></table><script>pwned()</script>", "</textarea><script>pwned()</script>", "</title><script>pwned()</script>", "</pre><img src=x onerror=pwned()>", "<iframe src=javascript:pwned()>",
        "<a href=javascript:pwned()>x</a>", "javascript:pwned()", "\" onmouseover=pwned() x=\"", "' autofocus onfocus=pwned() x='", "\" autofocus onfocus=pwned() \"", "<body onload=pwned()>",
        "<details open ontoggle=pwned()>", "<input autofocus onfocus=pwned()>", "<object data=javascript:pwned()>", "<embed src=javascript:pwned()>", "<base href=//evil.invalid/>",
        "<link rel=stylesheet href=//evil.invalid/>", "<meta http-equiv=refresh content=0;url=//evil.invalid>", "<video src=x onerror=pwned()>", "<math><mi xlink:href=javascript:pwned()>",
        "<form action=javascript:pwned()>", "&lt;script&gt;pwned()&lt;/script&gt;", "<!--><script>pwned()</script>-->", "{{constructor.constructor('pwned()')()}}",
    ];

    private static readonly Func<string, string>[] s_coats =
    [
        text => text, text => "SO" + text, text => text + "1", text => text.ToUpperInvariant(), text => text.Replace(' ', '/'), text => "\u200b" + text, text => text.Replace("<", "<\u00ad", StringComparison.Ordinal),
        text => text.Replace("<", "＜", StringComparison.Ordinal), text => "%3C" + text, text => "奶粉" + text,
    ];

    private static List<string> Texts => [.. s_coats.Index().SelectMany(coat => s_attacks.Select(text => string.Create(CultureInfo.InvariantCulture, $"{coat.Item(text)}{coat.Index}")))];

    [BrowserFact]
    public async Task Should_be_shown_as_text_and_run_nothing()
    {
        Assert.Equal(300, Texts.Distinct(StringComparer.Ordinal).Count());
        await using var world = await ScreenUser.WorldAsync();
        await FillAsync(world);
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "<img src=x onerror=pwned()>", ScreenUser.Act + " customs.clear customs.retention");
        var page = browser.Page;
        // What would run tells so, and fails the test as any error on a page does; so does what the content security policy had to stop.
        await browser.Context.AddInitScriptAsync("window.pwned = window.PWNED = () => console.error('a hostile text ran')");
        var shown = new HashSet<string>(StringComparer.Ordinal);
        await LookAsync("/customs/admin");
        for (var next = "/customs/admin/requests"; next is not null; next = await page.Locator("a[rel=next]").CountAsync() > 0 ? await page.Locator("a[rel=next]").GetAttributeAsync("href") : null)
        {
            await LookAsync(next);
        }

        foreach (var address in (string[])["/customs/admin/requests?state=rejected", "/customs/admin/requests/1", "/customs/admin/orders", "/customs/admin/orders/pushes", "/customs/admin/retention", "/customs/admin/completeness", "/customs/admin/alerts", "/customs/admin/evidence", "/customs/admin/signing"])
        {
            await LookAsync(address);
        }

        var orders = (await world.ColumnAsync("SELECT DISTINCT order_no FROM payment_order")).Concat(await world.ColumnAsync("SELECT order_no FROM bridge_order"));
        foreach (var order in orders)
        {
            await LookAsync("/customs/admin/orders/detail?no=" + Uri.EscapeDataString(order));
        }

        foreach (var id in await world.ColumnAsync("SELECT CAST(id AS TEXT) FROM customs_request WHERE state = 'rejected'"))
        {
            await LookAsync("/customs/admin/requests/" + id);
        }

        Assert.Empty(Texts.Except(shown));

        async Task LookAsync(string address)
        {
            await page.GotoAsync(address);
            shown.UnionWith(await page.EvaluateAsync<string[]>("texts => { const all = document.body.textContent; return texts.filter(text => all.includes(text)); }", Texts));
        }
    }

    /// <summary>Each text as an order's number and as a session of customs; some in every other field that somebody else writes.</summary>
    private static async Task FillAsync(CustomsWorld world)
    {
        foreach (var (at, text) in Texts.Index())
        {
            var (_, answer) = await world.AskAsync(text, string.Create(CultureInfo.InvariantCulture, $"{text}{at}"));
            Assert.True(answer.IsAcknowledged, text);
        }

        foreach (var text in s_attacks.Where(text => text.Length < 50).Take(8))
        {
            var payment = CustomsWorld.Payment("T" + text, "D" + text);
            payment["note"] = text;
            payment["orders"]![0]!["goods"] = new JsonArray([.. s_attacks.Select(attack => new JsonObject { ["gname"] = attack, ["itemLink"] = "https://shop.example.cn/item/1" })]);
            payment["orders"]![0]!["recpName"] = text;
            payment["initalRequest"] = new JsonObject { ["trade_no"] = text, ["subject"] = text, [text] = text }.ToJsonString();
            payment["initalResponse"] = text;
            payment["tradingTime"] = DateTimeOffset.UtcNow.ToString("O");
            await world.DeliveredAsync(payment);
            world.Customs.Faults.Set(Fault.Reply("20000", text));
            await world.AnswerAsync("D" + text, "rejected");
            var push = CustomsWorld.Push("P" + text);
            push["goods"]![0]!["gname"] = text;
            push["receiverName"] = "张<b>";
            await world.PushedAsync(push);
        }

        using var holder = new ScreenUser(world, "customs.view customs.retention", "<svg onload=pwned()>");
        var token = await holder.TokenAsync("/customs/admin/retention");
        foreach (var text in s_attacks)
        {
            using var held = await holder.PostAsync("/customs/admin/retention?handler=Hold", token, ("order", text), ("owner", text), ("reason", text));
            Assert.Equal(System.Net.HttpStatusCode.Found, held.StatusCode);
        }
    }
}
