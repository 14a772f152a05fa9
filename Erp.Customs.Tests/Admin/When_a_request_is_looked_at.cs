using System.Net;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>The detail of a request: its way, its signature, its masked raw data, at an address of its own and in the drawer.</summary>
public class When_a_request_is_looked_at
{
    [Fact]
    public async Task Should_tell_its_way_from_the_question_to_the_reply()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var address = "/customs/admin/requests/" + await When_customs_requests_are_listed.IdAsync(world, rejected);

        var retried = await clerk.SendAsync(address, address + "?handler=Retry");

        Assert.Contains("已重新排队，将原样重发已加签的报文", retried, StringComparison.Ordinal);
        await world.WaitAsync(rejected.SessionId, "accepted");
        var page = await clerk.TextAsync(address);
        var steps = new[] { ">已接收<", ">待上报<", ">上报中<", ">回执<", ">被退回<", "操作人 王五", "在请求详情页面重试", "HTTP 200 10000 上传成功", ">已受理<" };
        Assert.Equal(steps.Order(Comparer<string>.Create((a, b) => Place(a) - Place(b))), steps);
        Assert.Contains("第 2 次", page, StringComparison.Ordinal);
        Assert.Contains("RSA-SHA1", page, StringComparison.Ordinal);
        Assert.Contains(rejected.CertNo!, page, StringComparison.Ordinal);
        Assert.Contains(rejected.PayloadSha256!, page, StringComparison.Ordinal);
        Assert.Contains("支付宝", page, StringComparison.Ordinal);
        Assert.Contains("100.10 人民币", page, StringComparison.Ordinal);
        Assert.DoesNotContain("与保存时不符", page, StringComparison.Ordinal);
        Assert.Contains("海关已受理，不能再次上报", await clerk.SendAsync("/customs/admin/requests?order=none", address + "?handler=Retry"), StringComparison.Ordinal);

        int Place(string step) => page.IndexOf(step, page.IndexOf("处理过程", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_the_six_steps_with_times_and_tries()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        await world.AskAsync("SO-unknown", "s-unknown");
        await world.WaitAsync("s-unknown", "waiting_data");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        Assert.Equal(["海关请求 done", "取数 done", "渲染 done", "签名 done", "上报 done", "回执 failed"], await WayAsync(await When_customs_requests_are_listed.IdAsync(world, rejected)));
        Assert.Equal(["海关请求 done", "取数 atwork", "渲染 notyet", "签名 notyet", "上报 notyet", "回执 notyet"], await WayAsync("2"));

        async Task<string[]> WayAsync(string id) =>
            [.. System.Text.RegularExpressions.Regex.Matches(await clerk.TextAsync("/customs/admin/requests/" + id), "<li class=\"(?<state>[a-z]+)\"[^>]*>\\s*<strong>(?<title>[^<]+)</strong>", default, TimeSpan.FromSeconds(1))
                .Select(step => $"{step.Groups["title"].Value} {step.Groups["state"].Value}")];
    }

    [Fact]
    public async Task Should_show_what_was_signed_masked_and_that_the_signature_fits()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var accepted = await world.AnswerAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.View + " customs.clear");
        var address = "/customs/admin/requests/" + await When_customs_requests_are_listed.IdAsync(world, accepted);

        var page = await clerk.TextAsync(address);

        Assert.Contains($"\"sessionID\":\"{accepted.SessionId}\"||\"payExchangeInfoHead\":\"{{\"guid\":", page, StringComparison.Ordinal);
        Assert.Contains($"{{\"sessionID\":\"{accepted.SessionId}\",", page, StringComparison.Ordinal);
        Assert.Contains(">通过</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("6217850100007893905", page, StringComparison.Ordinal);
        Assert.Contains("/customs/admin/orders/originals?merchant=ningbo&no=SO1", page, StringComparison.Ordinal);
        Assert.Contains(Module.Jobs.JobEngines.HangfireBuiltIn ? "/customs/jobs/uploads?order=SO1" : "/customs/admin/requests?state=failed", page, StringComparison.Ordinal);

        await world.SqlAsync("UPDATE envelope SET sign_value = replace(sign_value, substr(sign_value, 1, 4), 'AAAA')");
        Assert.Contains("signValue 与加签原文不符", await clerk.TextAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_ignored_with_a_reason_and_heeded_again()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await When_customs_requests_are_listed.RejectedAsync(world, "SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var address = "/customs/admin/requests/" + await When_customs_requests_are_listed.IdAsync(world, rejected);

        Assert.Contains("请填写忽略的原因", await clerk.SendAsync(address, address + "?handler=Ignore"), StringComparison.Ordinal);
        var ignored = await clerk.SendAsync(address, address + "?handler=Ignore", ("reason", "订单已取消"), ("state", "rejected"));
        Assert.Contains("忽略结果：成功 1", ignored, StringComparison.Ordinal);
        Assert.Matches("王五 于 [0-9: -]+ 忽略：订单已取消", ignored);
        Assert.Contains("已忽略：订单已取消", ignored, StringComparison.Ordinal);
        Assert.Contains("恢复结果：成功 1", await clerk.SendAsync(address, address + "?handler=Heed"), StringComparison.Ordinal);
        Assert.Contains("已恢复，不再忽略", await clerk.TextAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_that_it_has_moved_on_since_it_was_opened()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var accepted = await world.AnswerAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var address = "/customs/admin/requests/" + await When_customs_requests_are_listed.IdAsync(world, accepted);

        var page = await clerk.SendAsync("/customs/admin/requests", address + "?handler=Retry", ("state", "sending"));

        Assert.Contains("您打开页面后状态已变为“已受理”，以下为最新情况；海关已受理，不能再次上报", page, StringComparison.Ordinal);
        Assert.Contains(">已受理</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_raw_data_masked_alone()
    {
        await using var world = await ScreenUser.WorldAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = """https://openapi.alipay.com/gateway.do?biz_content={"out_trade_no":"T1","buyer_name":"欧阳小明","mobile":"13817494910"}""";
        payment["initalResponse"] = """{"trade_status":"TRADE_SUCCESS","buyer_logon_id":"ouyang@example.cn","id_card":"11010519491231002X"}""";
        await world.DeliveredAsync(payment);
        var accepted = await world.AnswerAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync("/customs/admin/requests/" + await When_customs_requests_are_listed.IdAsync(world, accepted));

        Assert.Contains("TRADE_SUCCESS", page, StringComparison.Ordinal);
        Assert.Contains("buyer_name", page, StringComparison.Ordinal);
        foreach (var personal in new[] { "欧阳", "13817494910", "ouyang", "11010519491231002X", "6217850100007893905" })
        {
            Assert.DoesNotContain(personal, page, StringComparison.Ordinal);
        }

        Assert.Contains("****3905", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_come_without_the_frame_into_the_drawer()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.View);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/customs/admin/requests/1");
        request.Headers.Add("X-Drawer", "1");
        request.Headers.Add(HeaderUsers.Name, "a");
        request.Headers.Add(HeaderUsers.Permissions, ScreenUser.View);
        using var answer = await world.Http.SendAsync(request);
        var part = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<html", part, StringComparison.Ordinal);
        Assert.Contains("class=\"drawer-title\"", part, StringComparison.Ordinal);
        Assert.Contains("<html", await clerk.RawAsync("/customs/admin/requests/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_lead_back_to_the_list_where_there_is_none()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.View);
        using var answer = await clerk.GetAsync("/customs/admin/requests/4711");
        Assert.Equal((HttpStatusCode.Found, "/customs/admin/requests"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Contains("没有这条海关请求", await clerk.TextAsync("/customs/admin/requests"), StringComparison.Ordinal);
        using var nonsense = await clerk.GetAsync("/customs/admin/requests/nonsense");
        Assert.Equal(HttpStatusCode.NotFound, nonsense.StatusCode);
    }

    [Fact]
    public async Task Should_say_where_no_payment_is_there_and_where_a_reply_never_came()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Upload:Timeout"] = "1" });
        var (waiting, _) = await world.AskAsync("SO-unknown");
        await world.WaitAsync(waiting, "waiting_data");
        using var clerk = new ScreenUser(world, ScreenUser.View);
        Assert.Contains("该订单没有可用的支付数据", await clerk.TextAsync("/customs/admin/requests/1"), StringComparison.Ordinal);
        Assert.Contains("订单的支付数据尚未送达", await clerk.TextAsync("/customs/admin/requests/1"), StringComparison.Ordinal);

        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        world.Customs.Faults.Set(Fault.CutAfterAccepting());
        await world.AnswerAsync("SO2", "session_used");
        var page = await clerk.TextAsync("/customs/admin/requests/2");
        Assert.Contains(">无回执<", page, StringComparison.Ordinal);
        Assert.Contains(">会话已用<", page, StringComparison.Ordinal);
    }
}
