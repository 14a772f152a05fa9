using Erp.Customs.Tests.Alerts;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>告警: channels with a button to try each, the list with filters, in both languages.</summary>
public class When_alerts_are_listed
{
    [Fact]
    public async Task Should_show_what_became_of_each_and_try_a_channel()
    {
        await using var robots = await Robots.StartAsync();
        await using var world = await ScreenUser.WorldAsync(When_people_must_know.Settings(robots));
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var before = await clerk.TextAsync("/customs/admin/alerts");
        Assert.Contains("钉钉机器人", before, StringComparison.Ordinal);
        Assert.Contains("没有符合条件的告警", before, StringComparison.Ordinal);

        var tried = await clerk.SendAsync("/customs/admin/alerts", "/customs/admin/alerts?handler=Test", ("channel", "ops"));
        Assert.Contains("测试消息已由 ops 接收", tried, StringComparison.Ordinal);
        Assert.Contains("由 王五 在告警页面发送", Assert.Single(robots.Calls).Text, StringComparison.Ordinal);

        robots.Fault = _ => (200, """{"errcode":310000,"errmsg":"sign not match"}""");
        var refused = await clerk.SendAsync("/customs/admin/alerts", "/customs/admin/alerts?handler=Test", ("channel", "ops"));
        Assert.Contains("ops 未接收：错误码 310000", refused, StringComparison.Ordinal);
        var english = await clerk.TextAsync("/customs/admin/alerts?outcome=waiting&lang=en");
        Assert.Contains("Code 310000", english, StringComparison.Ordinal);
        Assert.Contains("Least level", english, StringComparison.Ordinal);
        Assert.DoesNotContain(Robots.DingTalkToken, english + refused, StringComparison.Ordinal);
        Assert.Contains("没有符合条件的告警", await clerk.TextAsync("/customs/admin/alerts?level=alarm"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的告警", await clerk.TextAsync("/customs/admin/alerts?outcome=failed&channel=ops&from=2020-01-01&until=2020-01-02"), StringComparison.Ordinal);
        Assert.Contains("状态和级别须从列表选择", await clerk.TextAsync("/customs/admin/alerts?level=loud"), StringComparison.Ordinal);

        var unknown = await clerk.SendAsync("/customs/admin/alerts", "/customs/admin/alerts?handler=Test", ("channel", "nobody"));
        Assert.Contains("没有这个告警通道", unknown, StringComparison.Ordinal);
        using var reader = new ScreenUser(world, ScreenUser.View);
        Assert.DoesNotContain("发送测试", await reader.TextAsync("/customs/admin/alerts"), StringComparison.Ordinal);
    }
}
