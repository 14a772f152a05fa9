using System.Net;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>查阅原文: clear data are for whoever may, for a reason, and each look is written down.</summary>
public class When_originals_are_looked_at
{
    private const string Page = "/customs/admin/orders/originals?no=SO1&merchant=ningbo";
    private const string Clear = "customs.view customs.clear";

    [Fact]
    public async Task Should_be_closed_to_whoever_may_only_look_and_act()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        using var answer = await clerk.GetAsync(Page);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("originals", await clerk.RawAsync("/customs/admin/orders/detail?no=SO1&merchant=ningbo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_shown_after_the_reason_was_written_down()
    {
        await using var world = await ScreenUser.WorldAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = "<script>alert('张三 13800000000')</script>";
        await world.DeliveredAsync(payment);
        using var auditor = new ScreenUser(world, Clear);
        Assert.Contains("orders/originals", await auditor.RawAsync("/customs/admin/orders/detail?no=SO1&merchant=ningbo"), StringComparison.Ordinal);
        Assert.Contains("尚无人查阅过", await auditor.TextAsync(Page), StringComparison.Ordinal);

        var refused = await ShowAsync(auditor, " ");
        Assert.Contains("请填写查阅原因", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("13800000000", refused, StringComparison.Ordinal);
        var shown = await ShowAsync(auditor, "海关稽核");

        Assert.Contains("&#x5F20;&#x4E09; 13800000000", shown.Replace("张三", "&#x5F20;&#x4E09;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", shown, StringComparison.Ordinal);
        Assert.Contains("海关稽核", shown, StringComparison.Ordinal);
        Assert.Equal("王五|海关稽核|original", await world.SqlAsync("SELECT reader || '|' || reason || '|' || kind FROM clear_access"));
    }

    [Fact]
    public async Task Should_be_taken_away_as_a_bundle()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var auditor = new ScreenUser(world, Clear);

        using var answer = await auditor.PostAsync("/customs/admin/orders/originals?handler=Bundle", await auditor.TokenAsync(Page), ("no", "SO1"), ("merchant", "ningbo"), ("reason", "海关稽核"));

        Assert.Equal(("application/zip", true), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.NoStore));
        Assert.StartsWith("evidence-ningbo-SO1-", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'), StringComparison.Ordinal);
        Assert.Equal("PK", System.Text.Encoding.ASCII.GetString((await answer.Content.ReadAsByteArrayAsync())[..2]));
        Assert.Contains("证据包", await auditor.TextAsync(Page), StringComparison.Ordinal);
        using var none = await auditor.PostAsync("/customs/admin/orders/originals?handler=Bundle", await auditor.TokenAsync(Page), ("no", "SO9"), ("reason", "海关稽核"));
        Assert.Contains("没有订单 SO9 的数据", WebUtility.HtmlDecode(await none.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(ScreenUser user, string reason)
    {
        using var answer = await user.PostAsync("/customs/admin/orders/originals?handler=Show", await user.TokenAsync(Page), ("no", "SO1"), ("merchant", "ningbo"), ("reason", reason));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync()).Replace("&#x6D77;&#x5173;&#x7A3D;&#x6838;", "海关稽核", StringComparison.Ordinal);
    }
}
