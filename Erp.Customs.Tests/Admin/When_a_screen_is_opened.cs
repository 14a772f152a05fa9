using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Admin;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Orders;
using Erp.Customs.Module.Admin.Settings;
using Erp.Customs.Module.Admin.Templates;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Erp.Customs.Tests.Admin;

/// <summary>Who may see and send what, on every screen of the module.</summary>
public partial class When_a_screen_is_opened
{
    private static readonly string[] s_addresses =
    [
        "/customs/admin", "/customs/admin/requests", "/customs/admin/requests/1", "/customs/admin/orders", "/customs/admin/orders/pushes", "/customs/admin/orders/readiness",
        "/customs/admin/orders/detail?no=SO1", "/customs/admin/orders/originals?no=SO1", "/customs/admin/signing", "/customs/admin/evidence", "/customs/admin/retention", "/customs/admin/completeness",
        "/customs/admin/alerts", "/customs/admin/templates", "/customs/admin/templates/edit?name=179/head", "/customs/admin/settings", "/customs/admin/operations",
        "/customs/admin/exports", "/customs/admin/orders/import", "/customs/admin/orders/receiver",
    ];

    private static IEnumerable<MethodInfo> Forms(Type page) => page.GetMethods().Where(method => method.Name.StartsWith("OnPost", StringComparison.Ordinal));

    private static IEnumerable<Type> Pages => typeof(CustomsModule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PageModel)) && !type.IsAbstract);

    [Fact]
    public void Should_name_a_permission_for_every_page_and_for_every_form()
    {
        Assert.Equal(s_addresses.Length, Pages.Count());
        Assert.All(Pages, page => Assert.Equal(
            page == typeof(OriginalsModel) || page == typeof(ReceiverModel) ? CustomsPermissions.Clear : page == typeof(ExportsModel) ? CustomsPermissions.Export : CustomsPermissions.View,
            PageAccess.Needed(page, "GET")));
        Assert.All(Pages, page => Assert.Equal(
            page == typeof(OriginalsModel) || page == typeof(ReceiverModel) ? CustomsPermissions.Clear
            : page == typeof(Module.Admin.Retention.IndexModel) ? CustomsPermissions.Retention
            : page == typeof(SettingsModel) ? CustomsPermissions.Settings
            : page == typeof(EditModel) ? CustomsPermissions.Templates
            : page == typeof(Module.Admin.Import.IndexModel) ? CustomsPermissions.Import
            : page == typeof(ExportsModel) ? CustomsPermissions.Export
            : Forms(page).Any(form => form.GetCustomAttribute<HandlerNeedsAttribute>() is null) ? CustomsPermissions.Retry
            : null,
            PageAccess.Needed(page, "POST")));
        var exports = Pages.SelectMany(Forms).Where(form => form.Name.StartsWith("OnPostExport", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, exports.Count);
        Assert.All(exports, form => Assert.Equal(CustomsPermissions.Export, PageAccess.Needed(form.DeclaringType!, "POST", form)));
        Assert.Null(PageAccess.Needed(typeof(When_a_screen_is_opened), "GET"));
    }

    [Fact]
    public async Task Should_not_export_without_the_permission()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var token = await clerk.TokenAsync("/customs/admin/requests");
        foreach (var list in new[] { "/customs/admin/requests", "/customs/admin/orders", "/customs/admin/orders/pushes" })
        {
            Assert.DoesNotContain("导出全部", await clerk.TextAsync(list), StringComparison.Ordinal);
            using var answer = await clerk.PostAsync(list + "?handler=Export", token, ("format", "csv"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var exports = await clerk.GetAsync("/customs/admin/exports");
        Assert.Equal(HttpStatusCode.Forbidden, exports.StatusCode);
    }

    [Fact]
    public async Task Should_show_its_page_at_the_address_of_a_form_and_refuse_a_form_that_there_is_not()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("<h1>海关请求</h1>", await clerk.TextAsync("/customs/admin/requests?handler=Retry"), StringComparison.Ordinal);
        using var sent = await clerk.PostAsync("/customs/admin/requests?handler=Nonsense", await clerk.TokenAsync("/customs/admin/requests"));
        Assert.Equal(HttpStatusCode.NotFound, sent.StatusCode);
        Assert.Contains("没有这个操作，未作任何更改", await sent.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_that_a_form_is_out_of_date_and_that_a_session_has_ended()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        using var stale = await clerk.PostAsync("/customs/admin/requests?handler=Retry", token: null, ("id", "1"));
        Assert.Equal(HttpStatusCode.BadRequest, stale.StatusCode);
        Assert.Contains("页面已过期，未作任何更改", await stale.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var token = await clerk.TokenAsync("/customs/admin/requests");
        clerk.SignOut();
        foreach (var sent in new[] { token, null })
        {
            using var answer = await clerk.PostAsync("/customs/admin/requests?handler=Retry", sent, ("id", "1"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("登录已过期", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_be_closed_without_the_permission_and_refuse_forms_from_who_may_only_look()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO1");
        using var stranger = new ScreenUser(world, "erp.orders");
        using var reader = new ScreenUser(world, ScreenUser.View + " customs.clear customs.export");
        using var clerk = new ScreenUser(world, ScreenUser.Act + " customs.clear customs.retention customs.settings customs.templates customs.import customs.export");
        foreach (var address in s_addresses)
        {
            using var nobody = await world.Http.GetAsync(new Uri(address, UriKind.Relative));
            using var closed = await stranger.GetAsync(address);
            using var open = await reader.GetAsync(address);
            using var sent = await reader.PostAsync(address, token: null);
            using var forged = await clerk.PostAsync(address, token: null);
            Assert.Equal(
                (HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.OK), (nobody.StatusCode, closed.StatusCode, open.StatusCode));
            // Antiforgery stands before permissions: a form that does not come from a page is refused as such.
            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (sent.StatusCode, forged.StatusCode));
            Assert.Contains("default-src 'none'", open.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(("nosniff", "no-cache, no-store"), (open.Headers.GetValues("X-Content-Type-Options").Single(), open.Headers.CacheControl!.ToString().Replace("no-store, no-cache", "no-cache, no-store", StringComparison.Ordinal)));
            var html = await open.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("<script(?![^>]*src=)|<style| style=| on[a-z]+=", html);
            Assert.True(html.Length < 100_000, $"{address} is {html.Length} characters long");
        }
    }

    [Fact]
    public async Task Should_refuse_a_form_of_a_reader_that_came_from_a_page()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var token = await clerk.TokenAsync("/customs/admin/requests");
        clerk.Become(ScreenUser.View);
        using var answer = await clerk.PostAsync("/customs/admin/requests?handler=Retry", token, ("id", "1"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("没有操作权限，未作任何更改", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Should_send_who_is_not_signed_in_to_the_hosts_page()
    {
        await using var world = await CustomsWorld.StartAsync(services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<IErpUsers>(services, new HeaderUsers { SignIn = "/login" }));
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Http.BaseAddress };
        using var answer = await browser.GetAsync(new Uri("/customs/admin/requests", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Found, "/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Should_stand_in_the_hosts_menu()
    {
        await using var world = await ScreenUser.WorldAsync();
        string[] paths = ["/customs/admin", "/customs/admin/requests", "/customs/admin/orders", "/customs/admin/signing", "/customs/admin/evidence", "/customs/admin/retention", "/customs/admin/completeness", "/customs/admin/alerts", "/customs/admin/templates", "/customs/admin/settings", "/customs/admin/operations"];
        Assert.Equal(paths, world.Module.Menu.Take(paths.Length).Select(entry => entry.Path));
        Assert.Equal(["海关总览", "海关请求", "订单与支付", "签名与证书", "证据", "保留与保全", "完整性核对", "告警", "模板", "参数设置", "操作日志"], world.Module.Menu.Take(paths.Length).Select(entry => entry.Title));
        Assert.All(world.Module.Menu, entry => Assert.Contains(world.Module.Permissions, permission => permission.Key == entry.Permission));
    }

    [Fact]
    public async Task Should_have_no_Chinese_on_it_in_English_but_names_and_data()
    {
        await using var world = await ScreenUser.WorldAsync();
        await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act + " customs.clear customs.retention customs.settings customs.templates customs.import customs.export", name: "Wang");
        foreach (var address in s_addresses)
        {
            var text = await clerk.TextAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang=en");
            text = new[] { "中文", "上传失败", "婴儿奶粉", "宁波海淘贸易有限公司", "宁波商户" }.Aggregate(Contents().Replace(text, ""), (left, data) => left.Replace(data, "", StringComparison.Ordinal));
            Assert.Empty(Chinese().Matches(text).Select(match => $"{address}: {match.Value}"));
        }
    }

    [Fact]
    public async Task Should_show_hostile_text_as_text()
    {
        await using var world = await ScreenUser.WorldAsync();
        const string hostile = "<img src=x onerror=alert(1)>\"'&";
        var payment = CustomsWorld.Payment("T1", "SO<b>1");
        payment["orders"]![0]!["goods"]![0]!["gname"] = hostile;
        payment["orders"]![0]!["recpName"] = hostile;
        payment["initalRequest"] = $$"""{"gname":"<img src=x onerror=alert(1)>"}""";
        await world.DeliveredAsync(payment);
        await world.AskAsync("SO<b>1", sessionId: "s<i>1");
        using var clerk = new ScreenUser(world, ScreenUser.Act + " customs.settings customs.templates");
        foreach (var address in s_addresses.Append("/customs/admin/orders/detail?no=" + Uri.EscapeDataString("SO<b>1")).Append("/customs/admin/requests?order=" + Uri.EscapeDataString("\"><script>alert(1)</script>")))
        {
            using var answer = await clerk.GetAsync(address);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>1<", html.Replace("<b>1</b>", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("<i>1", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"<(?<tag>textarea|pre)\b.*?</\k<tag>>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Contents();

    [GeneratedRegex("[^<>]{0,30}[\u4e00-\u9fff][^<>]{0,30}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Chinese();
}
