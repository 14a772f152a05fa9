using Erp.Customs.Contracts;
using Erp.Customs.Module.Payments;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Payments;

public class When_an_order_waits_for_a_person
{
    [Fact]
    public async Task Should_be_pushed_again_as_it_is_when_he_says_so()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9908" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "needs_person");
        var (pushes, id) = await PushesAsync(world, "SO1");

        Assert.True(await pushes.PushAgainAsync(id, "li"));
        await world.WaitForPushAsync("SO1", "pushed");

        Assert.Equal("bridge", (await world.PaidAsync("SO1")).Archived);
        Assert.Equal(["9908", "0000"], world.Customs.Bridge.LinesOf("SO1", "PushOrder").Select(line => line.Code));
        Assert.False(await pushes.PushAgainAsync(id, "li"));
    }

    [Fact]
    public async Task Should_be_asked_about_when_he_says_so()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9908" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", status => status is { State: "needs_person", NextAttemptAt: null });
        var (pushes, id) = await PushesAsync(world, "SO1");
        // Somebody has mended it at the bridge.
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO1");

        Assert.True(await pushes.AskNowAsync(id, "li"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);
        Assert.Equal(("done", 1, 1), (done.State, done.Attempts, done.Polls));
        Assert.False(await pushes.AskNowAsync(id, "li"));
        await world.AnswerAsync("SO1");
    }

    [Fact]
    public async Task Should_have_been_pushed_for_a_day()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Status, Times = 100_000 });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "waiting_retry");

        time.Jump(TimeSpan.FromHours(23));
        Assert.Equal("waiting_retry", (await AdvancedAsync(world, time, status => status.Attempts > 1)).State);

        time.Jump(TimeSpan.FromHours(1));
        var left = await AdvancedAsync(world, time, status => status.State == "needs_person");
        Assert.Null(left.NextAttemptAt);
        Assert.Contains("500", left.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_have_been_asked_about_for_three_days()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        world.Customs.Bridge.PollsUntilPaid = 100_000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");

        time.Jump(TimeSpan.FromHours(71));
        var asked = await AdvancedAsync(world, time, status => status.Polls > 0);
        Assert.Equal("pushed", asked.State);

        time.Jump(TimeSpan.FromHours(1));
        var left = await AdvancedAsync(world, time, status => status.State == "needs_person");
        Assert.Null(left.NextAttemptAt);

        // Paid all the same: the callback still finds it.
        await world.PaidAsync("SO1");
    }

    [Fact]
    public async Task Should_say_that_the_merchants_settings_are_gone()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-");
        try
        {
            await using (var world = await CustomsWorld.StartAsync(folder: folder.FullName))
            {
                world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Status, Times = 100 });
                await world.PushedAsync(CustomsWorld.Push("SO1"));
                await world.WaitForPushAsync("SO1", "waiting_retry");
            }

            var without = CustomsWorld.AtBridge(CustomsWorld.Ningbo, CustomsWorld.NingboAtBridge).Keys.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
            await using var again = await CustomsWorld.StartAsync(without, folder: folder.FullName);

            var left = await again.WaitForPushAsync("SO1", "needs_person");

            Assert.Contains("Customs:Merchants:ningbo:Bridge", left.Reason, StringComparison.Ordinal);
            Assert.Equal(("HG014", (DateTimeOffset?)null), (left.CustomsCode, left.NextAttemptAt));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Should_be_told_of_when_it_is_paid_and_cannot_be_stored()
    {
        var told = new Notices();
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(told));
        // The bridge's number is that of a payment which is here already, and is another one.
        await world.DeliveredAsync(CustomsWorld.Payment(PaymentBridge.PaymentNo("SO1"), "SO9"));
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.PaidAsync("SO1");

        Assert.Equal(("done", (string?)null), (done.State, done.Archived));
        Assert.Equal(["not_archived"], done.Flags);
        Assert.Contains("not stored", done.Reason, StringComparison.Ordinal);
        var notice = await told.FirstAsync();
        Assert.Equal(NoticeLevel.Warning, notice.Level);
        Assert.Contains("SO1 is paid and declared, but not in the archive", notice.Subject, StringComparison.Ordinal);
        await world.AnswerAsync("SO9");
    }

    [Fact]
    public async Task Should_be_told_of_when_nobody_can_read_when_it_was_paid()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.NoPayTime });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.State == "done" && status.NextAttemptAt is null);

        Assert.Equal((PaymentBridge.PaymentNo("SO1"), (DateTimeOffset?)null, (string?)null), (done.PaymentNo, done.PaidAt, done.Archived));
        Assert.Contains("PayTime", done.Reason, StringComparison.Ordinal);
        // A payment that the ERP delivers answers customs instead.
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
    }

    [Fact]
    public async Task Should_hold_nothing_up_when_he_cannot_be_told()
    {
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(new Unreachable()));
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9908", OrderNo = "SO1" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "needs_person");
        await world.PushedAsync(CustomsWorld.Push("SO2"));

        await world.PaidAsync("SO2");

        await Waiting.ForAsync(() => Task.FromResult(world.Log.All), log => log.Contains("Channel host did not take alert", StringComparison.Ordinal));
        Assert.DoesNotContain("13900001111", world.Log.All, StringComparison.Ordinal);
    }

    private static async Task<(BridgeOrders Pushes, long Id)> PushesAsync(CustomsWorld world, string orderNo) =>
        (world.Modules.Find<BridgeOrders>()!, (long)(await world.SqlAsync($"SELECT id FROM bridge_order WHERE order_no = '{orderNo}'"))!);

    /// <summary>The clock goes on until an order stands somewhere: what waits for it may not have begun to wait when it is moved once.</summary>
    private static Task<PushStatus> AdvancedAsync(CustomsWorld world, ManualTime time, Func<PushStatus, bool> until) => world.WaitForPushAsync("SO1", status =>
    {
        if (until(status))
        {
            return true;
        }

        time.Jump(TimeSpan.FromSeconds(30));
        return false;
    });

    private sealed class Unreachable : INotifier
    {
        public Task NotifyAsync(Notice notice, CancellationToken cancellationToken) => throw new InvalidOperationException("mail to 13900001111 bounced");
    }
}
