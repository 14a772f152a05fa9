using System.Net;
using System.Reflection;
using Erp.Customs.Module;
using Erp.Customs.Module.Admin;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>操作日志: every form that somebody sends is written down, with what he was told.</summary>
public class When_something_is_done_on_a_screen
{
    private const string Log = "/customs/admin/operations";
    private const string Requests = "/customs/admin/requests";

    [Fact]
    public void Should_have_words_for_every_form()
    {
        var handlers = typeof(CustomsModule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Screen)) && !type.IsAbstract)
            .SelectMany(page => page.GetMethods().Where(method => method.Name.StartsWith("OnPost", StringComparison.Ordinal)))
            .Where(handler => PageAccess.Needed(handler.DeclaringType!, "POST", handler) != CustomsPermissions.View).ToList();
        Assert.NotEmpty(handlers);
        Assert.Empty(handlers.Where(handler => handler.GetCustomAttribute<OperationAttribute>() is null).Select(handler => $"{handler.DeclaringType}.{handler.Name}"));
        Assert.Equal(handlers.Count, OperationLog.Known.Count);
        Assert.All(OperationLog.Known, one => Assert.InRange(one.Key.Length, 1, 128));
        Assert.Equal("海关请求：重试 | Customs' requests: Retry", OperationLog.Known["Requests/Requests.Retry"]);
    }

    [Fact]
    public async Task Should_be_written_with_who_when_what_about_what_and_the_sentence()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        await clerk.SendAsync(Requests, Requests + "?handler=Retry", ("id", "1"));
        await world.WaitAsync(rejected.SessionId, "accepted");
        await clerk.SendAsync(Requests, Requests + "?handler=Retry", ("id", "1"));

        var page = await clerk.TextAsync(Log);

        Assert.Contains("海关请求：重试", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"mono wrap subject\">1</td>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag green\">成功</span>", page, StringComparison.Ordinal);
        Assert.Contains("成功 1　失败 0　跳过 0", page, StringComparison.Ordinal);
        Assert.Contains("海关已受理，不能再次上报", page, StringComparison.Ordinal);
        Assert.Contains("王五", page, StringComparison.Ordinal);
        Assert.Contains("Customs' requests: Retry", await clerk.TextAsync(Log + "?lang=en"), StringComparison.Ordinal);
        Assert.Contains("未成功 <b>1</b>", page, StringComparison.Ordinal);
        Assert.Contains("共 1 条", await clerk.TextAsync(Log + "?result=failed"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的操作", await clerk.TextAsync(Log + "?person=nobody"), StringComparison.Ordinal);
        Assert.Contains("共 2 条", await clerk.TextAsync(Log + "?action=Requests%2FRequests.Retry&from=2020-01-01"), StringComparison.Ordinal);
        Assert.Contains("筛选条件有误：起始日期晚于结束日期", await clerk.TextAsync(Log + "?from=2026-11-28&until=2026-11-27"), StringComparison.Ordinal);
        Assert.Contains("筛选条件有误：结果须从列表选择", await clerk.TextAsync(Log + "?result=perhaps"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_written_as_refused_without_the_permission()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var token = await clerk.TokenAsync(Requests);
        clerk.Become(ScreenUser.View);
        using var answer = await clerk.PostAsync(Requests + "?handler=Retry", token, ("id", "7"), ("id", "8"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);

        var page = await clerk.TextAsync(Log + "?result=refused");

        Assert.Contains("<td class=\"mono wrap subject\">7,8</td>", page, StringComparison.Ordinal);
        Assert.Contains("没有操作权限，未作任何更改", page, StringComparison.Ordinal);
        Assert.Contains("共 1 条", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_repeat_what_an_earlier_form_was_told_and_name_what_went_wrong()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, "customs.view customs.retry customs.clear");
        var token = await clerk.TokenAsync(Requests);
        // The page that would show the notice is not looked at.
        using var none = await clerk.PostAsync(Requests + "?handler=Retry", token);
        Assert.Equal(HttpStatusCode.Found, none.StatusCode);
        using var missing = await clerk.PostAsync("/customs/admin/orders/originals?handler=Show", token, ("no", "SO404"), ("reason", "核对"));
        Assert.Equal(HttpStatusCode.OK, missing.StatusCode);

        var page = await clerk.TextAsync(Log);

        Assert.Equal(2, page.Split("未选择任何请求").Length);
        Assert.Contains("订单与支付：查看支付原文", page, StringComparison.Ordinal);
        Assert.Contains("SO404", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_stay_when_nobody_is_signed_in_or_the_form_is_forged()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        using var forged = await clerk.PostAsync(Requests + "?handler=Retry", token: null, ("id", "1"));
        using var nobody = await world.Http.PostAsync(new Uri(Requests + "?handler=Retry", UriKind.Relative), new FormUrlEncodedContent([new("id", "1")]));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (forged.StatusCode, nobody.StatusCode));
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM operation"));
    }
}
