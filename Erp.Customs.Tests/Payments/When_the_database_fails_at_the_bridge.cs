using System.Net;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

/// <summary>Whatever cannot be read or written is tried again; nothing is pushed that was not written down before.</summary>
public class When_the_database_fails_at_the_bridge
{
    [Fact]
    public async Task Should_go_on_when_due_orders_can_be_read_again()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        await world.SqlAsync("ALTER TABLE bridge_order RENAME TO gone");
        await LoggedAsync(world, "could not read which orders at the bridge are due");

        using var refused = await world.PushAsync(CustomsWorld.Push("SO2"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await world.SqlAsync("ALTER TABLE gone RENAME TO bridge_order");

        await world.PaidAsync("SO1");
    }

    [Fact]
    public async Task Should_call_nobody_while_a_call_cannot_be_written_down()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("ALTER TABLE bridge_exchange RENAME TO gone");
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var waiting = await world.WaitForPushAsync("SO1", "waiting_retry");
        Assert.Contains("Internal error (SqliteException)", waiting.Reason, StringComparison.Ordinal);
        Assert.Equal(0, waiting.Attempts);
        Assert.Empty(world.Customs.Bridge.Lines);
        await world.SqlAsync("ALTER TABLE gone RENAME TO bridge_exchange");

        await world.WaitForPushAsync("SO1", "pushed");
        Assert.Empty((await world.PaidAsync("SO1")).Flags);
    }

    [Fact]
    public async Task Should_go_on_when_orders_can_be_claimed_again()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("CREATE TRIGGER full BEFORE UPDATE ON bridge_order BEGIN SELECT RAISE(ABORT, 'full'); END");
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await LoggedAsync(world, "at the bridge could not be claimed or saved");
        Assert.Empty(world.Customs.Bridge.Lines);

        await world.SqlAsync("DROP TRIGGER full");

        await world.PaidAsync("SO1");
    }

    [Fact]
    public async Task Should_not_wait_for_the_lease_of_a_worker_that_could_save_nothing()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("CREATE TRIGGER full BEFORE UPDATE ON bridge_order WHEN NEW.lease_until IS NULL BEGIN SELECT RAISE(ABORT, 'full'); END");
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await LoggedAsync(world, "at the bridge could not be claimed or saved");
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM bridge_order WHERE lease_until IS NOT NULL"));

        await world.SqlAsync("DROP TRIGGER full");

        // Three minutes of a lease are longer than anybody waits here.
        await world.PaidAsync("SO1");
    }

    [Fact]
    public async Task Should_tell_people_of_nothing_that_was_not_saved()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9908", Times = 1000 });
        await world.SqlAsync("CREATE TRIGGER full BEFORE UPDATE ON bridge_order WHEN NEW.state = 'needs_person' BEGIN SELECT RAISE(ABORT, 'full'); END");
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "waiting_retry");
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM alert_message"));

        await world.SqlAsync("DROP TRIGGER full");

        await world.WaitForPushAsync("SO1", "needs_person");
        Assert.Equal("push_needs_person", await world.SqlAsync("SELECT kind FROM alert_message"));
    }

    [Fact]
    public async Task Should_not_say_ok_to_a_callback_that_cannot_be_kept()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        await world.SqlAsync("ALTER TABLE bridge_exchange RENAME TO gone");

        var (status, body) = await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1");

        Assert.Equal(503, status);
        Assert.StartsWith("{\"error\":", body, StringComparison.Ordinal);
        await world.SqlAsync("ALTER TABLE gone RENAME TO bridge_exchange");
        await world.PaidAsync("SO1");
    }

    private static Task<string> LoggedAsync(CustomsWorld world, string text) =>
        Waiting.ForAsync(() => Task.FromResult(world.Log.All), log => log.Contains(text, StringComparison.Ordinal));
}
