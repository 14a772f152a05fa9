using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Diagnostics;

public sealed class When_the_clock_is_set : StoreTest<SqliteEngine>
{
    [Theory]
    [InlineData(-1)]
    [InlineData(-3_600)]
    [InlineData(-86_400)]
    public async Task Should_make_nothing_wait_longer_when_it_was_set_back(int seconds)
    {
        var watch = new ClockWatch(new ClockTable(Database), Time, NullLogger<ClockWatch>.Instance);
        var id = await PutOffAsync(TimeSpan.FromSeconds(5));

        Time.Advance(TimeSpan.FromSeconds(1));
        Time.SetClock(TimeSpan.FromSeconds(seconds));
        await watch.LookAsync();
        await watch.LookAsync();
        Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Empty(await Requests.DueAsync(10, default));

        Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([id], await Requests.DueAsync(10, default));
    }

    [Fact]
    public async Task Should_make_nothing_wait_longer_when_it_was_set_back_while_the_module_did_not_run()
    {
        var id = await PutOffAsync(TimeSpan.FromSeconds(5));
        Time.SetClock(TimeSpan.FromHours(-1));
        await ReopenAsync();

        await new ClockWatch(new ClockTable(Database), Time, NullLogger<ClockWatch>.Instance).LookAtLastRunAsync(default);

        Assert.Empty(await Requests.DueAsync(10, default));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([id], await Requests.DueAsync(10, default));
    }

    [Fact]
    public async Task Should_end_a_lease_when_it_would_have_ended()
    {
        var watch = new ClockWatch(new ClockTable(Database), Time, NullLogger<ClockWatch>.Instance);
        var held = await ClaimedAsync();

        Time.SetClock(TimeSpan.FromDays(-1));
        await watch.LookAsync();
        Time.Advance(Lease);

        Assert.Equal([held.Id], await Requests.DueAsync(10, default));
        Assert.Equal(held.Fence + 1, (await Requests.ClaimAsync(held.Id, Lease))!.Fence);
    }

    [Fact]
    public async Task Should_change_nothing_when_it_was_set_forward_or_time_has_passed()
    {
        var watch = new ClockWatch(new ClockTable(Database), Time, NullLogger<ClockWatch>.Instance);
        var id = await PutOffAsync(TimeSpan.FromDays(2));
        var due = (await Requests.FindAsync(id, default))!.NextAttemptAt;

        Time.SetClock(TimeSpan.FromDays(1));
        await watch.LookAsync();
        Time.Advance(TimeSpan.FromHours(1));
        await watch.LookAsync();
        await watch.LookAtLastRunAsync(default);

        Assert.Equal(due, (await Requests.FindAsync(id, default))!.NextAttemptAt);
    }

    private async Task<long> PutOffAsync(TimeSpan wait)
    {
        var request = await ClaimedAsync();
        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.WaitingSigner, Time.GetUtcNow() + wait)));
        return request.Id;
    }
}
