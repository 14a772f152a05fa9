using System.Globalization;
using System.Text.Json.Nodes;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>近三日订单 N，可应答海关 M: the light that a clerk looks at before customs' audit.</summary>
public class When_readiness_is_shown
{
    private const string Readiness = "/customs/admin/orders/readiness";

    [Fact]
    public async Task Should_count_what_could_be_answered_and_name_the_rest_with_the_reason()
    {
        await using var world = await ScreenUser.WorldAsync();
        var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        await world.DeliveredAsync(Paid("T1", today, "SO-ready-1", "SO-ready-2"));
        await world.DeliveredAsync(Paid("T0", today.AddDays(-5), "SO-old"));
        var tooLong = Paid("T2", today.AddDays(-1), "SO-long");
        tooLong["initalRequest"] = new string('长', 8001);
        await world.DeliveredAsync(tooLong);
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9902" });
        var push = CustomsWorld.Push("SO-pushed");
        push["payTime"] = today.ToString("O", CultureInfo.InvariantCulture);
        await world.PushedAsync(push);
        await world.WaitForPushAsync("SO-pushed", "data_error");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        Assert.Contains("近三日订单 4，可应答海关 2", await clerk.TextAsync("/customs/admin"), StringComparison.Ordinal);
        var page = await clerk.TextAsync(Readiness);
        Assert.Contains("近三日订单 4，可应答海关 2", page, StringComparison.Ordinal);
        Assert.Contains("light yellow\" id=\"readiness\"", page, StringComparison.Ordinal);
        Assert.Contains("initalRequest", page, StringComparison.Ordinal);
        Assert.Contains("报关人姓名不能为空（9902）", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SO-ready", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SO-old", page, StringComparison.Ordinal);
        Assert.Contains("customs could be answered 2", await clerk.TextAsync(Readiness + "?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_green_when_all_could_be_and_see_a_correction_at_once()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.View);
        Assert.Contains("近三日没有订单", await clerk.TextAsync(Readiness), StringComparison.Ordinal);
        var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        await world.DeliveredAsync(Paid("T1", today, "SO1"));
        Assert.Contains("近三日订单 1，可应答海关 1", await clerk.TextAsync(Readiness), StringComparison.Ordinal);
        var correction = CustomsWorld.Correction("T1", "SO1", "SO2");
        correction["tradingTime"] = today.ToString("O", CultureInfo.InvariantCulture);
        using var corrected = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T1", correction);
        Assert.True(corrected.IsSuccessStatusCode);
        var page = await clerk.TextAsync(Readiness);
        Assert.Contains("近三日订单 2，可应答海关 2", page, StringComparison.Ordinal);
        Assert.Contains("近三日的订单都可应答海关", page, StringComparison.Ordinal);
        Assert.Contains("light green\" id=\"readiness\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_count_what_was_altered_in_the_archive()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(Paid("T1", DateTimeOffset.UtcNow, "SO1"));
        await world.SqlAsync("UPDATE payment SET response = X'7B7D'");
        using var clerk = new ScreenUser(world, ScreenUser.View);
        var page = await clerk.TextAsync(Readiness);
        Assert.Contains("近三日订单 1，可应答海关 0", page, StringComparison.Ordinal);
        Assert.Contains("原始报文与入库时的 SHA-256 不符", page, StringComparison.Ordinal);
        Assert.Contains("与入库时不符！", await clerk.TextAsync("/customs/admin/orders/detail?no=SO1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_list_many_page_by_page()
    {
        await using var world = await ScreenUser.WorldAsync();
        var payment = Paid("T1", DateTimeOffset.UtcNow, [.. Enumerable.Range(1, 130).Select(number => $"SO{number:000}")]);
        payment["initalRequest"] = new string('长', 8001);
        await world.DeliveredAsync(payment);
        using var clerk = new ScreenUser(world, ScreenUser.View);
        Assert.Contains("第 1 / 2 页", await clerk.TextAsync(Readiness), StringComparison.Ordinal);
        var last = await clerk.TextAsync(Readiness + "?page=2");
        Assert.Contains("SO130", last, StringComparison.Ordinal);
        Assert.DoesNotContain("SO001", last, StringComparison.Ordinal);
        Assert.Contains("第 2 / 2 页", await clerk.TextAsync(Readiness + "?page=99"), StringComparison.Ordinal);
    }

    private static JsonObject Paid(string number, DateTimeOffset at, params string[] orders)
    {
        var payment = CustomsWorld.Payment(number, orders);
        payment["tradingTime"] = at.ToString("O", CultureInfo.InvariantCulture);
        return payment;
    }
}
