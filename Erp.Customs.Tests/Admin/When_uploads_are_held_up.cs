using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>An outage is one line on the screens, however many requests wait; what only a person can end has its button.</summary>
public class When_uploads_are_held_up
{
    [Fact]
    public async Task Should_show_a_stopped_merchant_once_and_let_a_person_go_on()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.Reply("20004", "企业实时数据获取验签证书未在服务系统注册"));
        await world.AnswerAsync("SO1", "rejected");
        var (first, _) = await world.AskAsync("SO1");
        var (second, _) = await world.AskAsync("SO1");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        using var reader = new ScreenUser(world, ScreenUser.View);
        var page = await Waiting.ForAsync(() => clerk.TextAsync("/customs/admin"), text => text.Contains("2 条请求等待", StringComparison.Ordinal));

        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page, "停止上报 ningbo", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        var list = await clerk.TextAsync("/customs/admin/requests");
        Assert.Contains(">已停止<", list, StringComparison.Ordinal);
        Assert.DoesNotContain("恢复上报", await reader.TextAsync("/customs/admin/requests"), StringComparison.Ordinal);

        Assert.Contains("商户 ningbo 已恢复上报", await clerk.SendAsync("/customs/admin", "/customs/admin/requests?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);

        await world.WaitAsync(first, "accepted");
        await world.WaitAsync(second, "accepted");
        Assert.Contains("未被停止，未作任何更改", await clerk.SendAsync("/customs/admin", "/customs/admin/requests?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);
        var after = await clerk.TextAsync("/customs/admin");
        Assert.DoesNotContain("停止上报 ningbo", after, StringComparison.Ordinal);
        Assert.Contains("近 24 小时受理 2 条", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_an_outage_of_customs_as_one_incident_that_ends_by_itself()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Circuit:Failures"] = "2", ["Customs:Circuit:ProbeEvery"] = "1" });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.HttpStatus(503) with { Times = 10_000 });
        var sessions = new List<string>();
        foreach (var _ in Enumerable.Range(0, 6))
        {
            sessions.Add((await world.AskAsync("SO1")).SessionId);
        }

        using var clerk = new ScreenUser(world, ScreenUser.View);
        var page = await Waiting.ForAsync(() => clerk.TextAsync("/customs/admin/requests"), text => text.Contains("海关不可用", StringComparison.Ordinal));
        Assert.Contains("恢复后自动继续", page, StringComparison.Ordinal);
        world.Customs.Faults.Clear();
        foreach (var session in sessions)
        {
            await world.WaitAsync(session, "accepted");
        }

        Assert.DoesNotContain("海关不可用", await clerk.TextAsync("/customs/admin/requests"), StringComparison.Ordinal);
    }
}
