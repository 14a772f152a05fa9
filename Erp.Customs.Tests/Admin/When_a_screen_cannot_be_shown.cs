using System.Net;
using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Admin;

/// <summary>Instead of a screen a page says why and what to do next, in the visitor's language; programs get JSON as ever.</summary>
public class When_a_screen_cannot_be_shown
{
    private const string Requests = "/customs/admin/requests";

    [Fact]
    public async Task Should_say_that_the_permission_is_missing_and_whom_to_ask()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var stranger = new ScreenUser(world, "erp.orders");
        using var answer = await stranger.GetAsync(Requests + "?lang=en");
        await ShouldBePageAsync(answer, HttpStatusCode.Forbidden, "en", "You do not have the permission for this page", "ask whoever administers the ERP");
        using var chinese = await stranger.GetAsync(Requests);
        await ShouldBePageAsync(chinese, HttpStatusCode.Forbidden, "zh-CN", "没有查看权限", "联系 ERP 管理员");
    }

    [Fact]
    public async Task Should_lead_to_the_hosts_sign_in_when_the_session_has_ended_under_a_form()
    {
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(new HeaderUsers { SignIn = "/login" }));
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var token = await clerk.TokenAsync(Requests);
        clerk.SignOut();
        using var answer = await clerk.PostAsync(Requests + "?handler=Retry", token, ("id", "1"));
        await ShouldBePageAsync(answer, HttpStatusCode.Unauthorized, "zh-CN", "登录已过期", "href=\"/login\"", "未作任何更改");
    }

    [Fact]
    public async Task Should_say_what_to_do_with_an_unknown_address_and_an_outdated_form()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        foreach (var address in new[] { "/customs/admin/nowhere", "/customs/admin/templates/edit?name=nothing" })
        {
            using var unknown = await clerk.GetAsync(address);
            await ShouldBePageAsync(unknown, HttpStatusCode.NotFound, "zh-CN", "没有这个页面", "href=\"/customs/admin\"");
        }

        using var forged = await clerk.PostAsync(Requests + "?handler=Retry", token: null, ("id", "1"));
        await ShouldBePageAsync(forged, HttpStatusCode.BadRequest, "zh-CN", "页面已过期", "刷新页面后再操作一次");
        using var api = await world.SendAsync(HttpMethod.Get, "/customs/api/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (api.StatusCode, api.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Should_say_that_content_cannot_be_read_and_that_it_is_the_only_one()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.SqlAsync("UPDATE payment SET request = X'0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F'");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        using var answer = await clerk.GetAsync("/customs/admin/orders/detail?no=SO1");
        await ShouldBePageAsync(answer, HttpStatusCode.Conflict, "zh-CN", "内容无法读取", "其他订单不受影响");
    }

    [Fact]
    public async Task Should_say_that_it_cannot_answer_now_when_the_database_fails_and_tell_programs_in_JSON()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        await world.SqlAsync("ALTER TABLE operation RENAME TO operation_gone");
        using var answer = await clerk.GetAsync("/customs/admin/operations");
        await ShouldBePageAsync(answer, HttpStatusCode.ServiceUnavailable, "zh-CN", "系统忙，请稍后重试", "操作日志中核对");
        await world.SqlAsync("ALTER TABLE payment RENAME TO payment_gone");
        using var api = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/readiness");
        Assert.DoesNotContain("text/html", api.Content.Headers.ContentType?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_so_while_the_module_is_off_with_its_style_and_tell_programs_in_JSON()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var token = await clerk.TokenAsync(Requests);
        var style = await clerk.RawAsync("/customs/assets/customs.css");
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);

        using var page = await clerk.GetAsync(Requests);
        await ShouldBePageAsync(page, HttpStatusCode.ServiceUnavailable, "zh-CN", "模块已停用", "模块管理页启用");
        using var form = await clerk.PostAsync(Requests + "?handler=Retry", token, ("id", "1"));
        await ShouldBePageAsync(form, HttpStatusCode.ServiceUnavailable, "zh-CN", "未作任何更改");
        Assert.Equal(style, await clerk.RawAsync("/customs/assets/customs.css"));
        using var api = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/readiness");
        Assert.Equal("application/json", api.Content.Headers.ContentType?.MediaType);
    }

    private static async Task ShouldBePageAsync(HttpResponseMessage answer, HttpStatusCode status, string language, params string[] told)
    {
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {html}");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"<html lang=\"{language}\">", html, StringComparison.Ordinal);
        Assert.All(told, words => Assert.Contains(words, html, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<style| style=", html);
    }
}
