using System.Net;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>保留与保全: what is held, what the last runs did, what the next one would do.</summary>
public class When_data_are_held
{
    private const string Page = "/customs/admin/retention";
    private const string Holder = "customs.view customs.retention";

    [Fact]
    public async Task Should_be_placed_and_lifted_by_whoever_may_and_sealed()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Holder, "李四");
        Assert.Contains("没有保全", await clerk.TextAsync(Page), StringComparison.Ordinal);

        var placed = await clerk.SendAsync(Page, Page + "?handler=Hold", ("merchant", "ningbo"), ("order", " SO1 "), ("owner", "法务部"), ("reason", "诉讼 2026-17"));
        Assert.Contains("保全已生效", placed, StringComparison.Ordinal);
        foreach (var shown in (string[])["保全中", "SO1", "法务部", "诉讼 2026-17", "李四"])
        {
            Assert.Contains(shown, placed, StringComparison.Ordinal);
        }

        var lifted = await clerk.SendAsync(Page, Page + "?handler=Lift", ("id", "1"), ("reason", "和解"));
        Assert.Contains("保全已解除", lifted, StringComparison.Ordinal);
        Assert.Contains("和解", lifted, StringComparison.Ordinal);
        Assert.Contains("已解除，未作任何更改", await clerk.SendAsync(Page, Page + "?handler=Lift", ("id", "1"), ("reason", "和解")), StringComparison.Ordinal);
        Assert.Equal(2L, await world.SqlAsync("SELECT COUNT(*) FROM evidence WHERE kind IN ('legal_hold', 'legal_hold_lift')"));
    }

    [Theory]
    [InlineData("请填写责任人", "", "SO1", "", "", "x")]
    [InlineData("请填写保全原因", "x", "SO1", "", "", "")]
    [InlineData("请填写订单号，或起止日期", "x", "", "", "", "x")]
    [InlineData("订单号与起止日期只能填写其一", "x", "SO1", "2026-01-01", "", "x")]
    [InlineData("日期格式为", "x", "", "1.1.2026", "", "x")]
    [InlineData("起始日期须早于截止日期", "x", "", "2026-01-02", "2026-01-01", "x")]
    public async Task Should_say_what_is_wrong_and_hold_nothing(string sentence, string owner, string order, string from, string until, string reason)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Holder);

        var page = await clerk.SendAsync(Page, Page + "?handler=Hold", ("order", order), ("from", from), ("until", until), ("owner", owner), ("reason", reason));

        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM legal_hold"));
    }

    [Fact]
    public async Task Should_count_what_would_go_and_erase_nothing()
    {
        await using var world = await ScreenUser.WorldAsync();
        var old = CustomsWorld.Payment("T1", "SO1");
        old["tradingTime"] = "2019-11-11T00:00:01+08:00";
        await world.DeliveredAsync(old);
        using var clerk = new ScreenUser(world, Holder);

        var page = await clerk.SendAsync(Page, Page + "?handler=Try");

        Assert.Contains("到期支付 1 笔", page, StringComparison.Ordinal);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM payment"));
    }

    [Fact]
    public async Task Should_be_closed_to_whoever_may_only_look_and_act()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.DoesNotContain("<form method=\"post\"", await clerk.RawAsync(Page), StringComparison.Ordinal);
        clerk.Become(Holder);
        var token = await clerk.TokenAsync(Page);
        clerk.Become(ScreenUser.Act);
        using var refused = await clerk.PostAsync(Page + "?handler=Hold", token, ("order", "SO1"), ("owner", "x"), ("reason", "x"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
