using System.Net;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>按证件号查询: for whoever may see personal data, for a reason, written down before anything is shown; the number stands nowhere.</summary>
public class When_a_persons_orders_are_looked_for
{
    private const string Page = "/customs/admin/orders/receiver";
    private const string Clear = "customs.view customs.clear";
    private const string Card = "11010519491231002X";

    [Fact]
    public async Task Should_be_shown_after_it_was_written_down_on_each_order()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.PushedAsync(CustomsWorld.Push("SO2"));
        var other = CustomsWorld.Push("SO3");
        other["receiverCardNo"] = "E12345678";
        await world.PushedAsync(other);
        using var auditor = new ScreenUser(world, Clear);

        var found = await SearchAsync(auditor, " 11010519491231002x ", "客户要求查询本人订单");

        Assert.Contains("找到 2 个推单订单", found, StringComparison.Ordinal);
        Assert.Contains("/customs/admin/orders/detail?merchant=ningbo&no=SO1", found, StringComparison.Ordinal);
        Assert.DoesNotContain("SO3", found, StringComparison.Ordinal);
        Assert.Equal("王五|客户要求查询本人订单|SO2|ningbo|receiver", await world.SqlAsync("SELECT reader || '|' || reason || '|' || order_no || '|' || merchant || '|' || kind FROM clear_access WHERE order_no = 'SO2'"));
        Assert.Equal(2L, await world.SqlAsync("SELECT COUNT(*) FROM clear_access"));
        Assert.Contains("按证件号查询", await auditor.TextAsync("/customs/admin/orders/originals?no=SO1&merchant=ningbo"), StringComparison.Ordinal);

        // A search that finds nothing is a look too.
        Assert.Contains("找到 0 个推单订单", await SearchAsync(auditor, "E87654321", "投诉"), StringComparison.Ordinal);
        Assert.Equal("投诉||", await world.SqlAsync("SELECT reason || '|' || order_no || '|' || merchant FROM clear_access WHERE order_no = ''"));
        Assert.Contains("找到 1 个推单订单", await SearchAsync(auditor, "e12345678", "投诉"), StringComparison.Ordinal);
        Assert.DoesNotContain(Card, world.Log.All.ToString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "原因", "证件号码有误")]
    [InlineData("110105194912310021", "原因", "校验位正确")]
    [InlineData("1101051949123100", "原因", "证件号码有误")]
    [InlineData("E1'; --", "原因", "证件号码有误")]
    [InlineData(Card, " ", "请填写查阅原因")]
    public async Task Should_take_no_wrong_number_and_no_look_without_a_reason(string number, string reason, string sentence)
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        using var auditor = new ScreenUser(world, Clear);

        var page = await SearchAsync(auditor, number, reason);

        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.DoesNotContain("SO1", page, StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM clear_access"));
    }

    [Fact]
    public async Task Should_look_for_nothing_by_an_address_and_be_closed_to_others()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        using var auditor = new ScreenUser(world, Clear);
        using var clerk = new ScreenUser(world, ScreenUser.Act);

        Assert.DoesNotContain("SO1", await auditor.TextAsync($"{Page}?cardNo={Card}&reason=x"), StringComparison.Ordinal);
        using var closed = await clerk.GetAsync(Page);
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        Assert.DoesNotContain("按证件号查询", await clerk.TextAsync("/customs/admin/orders"), StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM clear_access"));
    }

    private static async Task<string> SearchAsync(ScreenUser auditor, string number, string reason)
    {
        using var answer = await auditor.PostAsync(Page, await auditor.TokenAsync(Page), ("cardNo", number), ("reason", reason));
        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.CacheControl!.NoStore));
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
