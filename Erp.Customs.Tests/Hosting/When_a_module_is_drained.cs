using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_a_module_is_drained : IDisposable
{
    private readonly TestFolders _folders = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Requests_inside_end_first_new_ones_are_refused_and_everything_stops_in_reverse()
    {
        await using var erp = await StartAsync();
        var inside = erp.GetAsync("/probe/hold");
        await erp.Probe.Inside.Task;

        var disabling = erp.DisableAsync("Probe");
        Assert.Equal(ModuleState.Changing, erp.Status("Probe").State);
        Assert.Equal((503, "Changing"), await erp.GetAsync("/probe"));
        Assert.False(disabling.IsCompleted);

        erp.Probe.Release.SetResult();
        Assert.Equal((200, "probe at /probe for /hold"), await inside);
        Assert.Equal(ModuleState.Disabled, (await disabling).State);
        Assert.Equal(
            ["module started", "first started", "second started", "request answered", "second stopped", "first stopped", "module stopped", "disposed"], erp.Probe.Events);
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_not_waited_for_longer_than_the_limit()
    {
        await using var erp = await StartAsync();
        var inside = erp.GetAsync("/probe/hold");
        await erp.Probe.Inside.Task;

        var disabling = erp.DisableAsync("Probe");
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(disabling.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ModuleState.Disabled, (await disabling).State);
        Assert.Contains(erp.Probe.Log, line => line.Contains("1 requests are still inside", StringComparison.Ordinal));

        erp.Probe.Release.SetResult();
        await inside;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_waits_for_something_to_happen_holds_up_neither_module_nor_host(bool host)
    {
        var erp = await StartAsync();
        var waiting = erp.GetAsync("/probe/wait");
        await erp.Probe.Inside.Task;

        // The clock of the drain stands still, and the host has patience.
        await (host ? erp.App.StopAsync() : erp.DisableAsync("Probe")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((200, "probe at /probe for /wait"), await waiting);
        await erp.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_the_host_stops_it_and_does_not_forget_that_it_was_on()
    {
        var erp = await StartAsync();
        await erp.DisposeAsync();
        Assert.Equal(["module started", "first started", "second started", "second stopped", "first stopped", "module stopped", "disposed"], erp.Probe.Events);
        Assert.Contains("\"Probe\": true", await File.ReadAllTextAsync(Path.Combine(_folders.Data, "modules.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_has_lost_its_patience_stops_it_all_the_same()
    {
        var erp = await StartAsync();
        await erp.App.StopAsync(new CancellationToken(canceled: true));
        Assert.Equal("disposed", erp.Probe.Events.Last());
        await erp.DisposeAsync();
    }

    [Fact]
    public async Task Switching_from_many_sides_at_once_ends_in_one_state()
    {
        await using var erp = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => number % 2 == 0 ? erp.DisableAsync("Probe") : erp.EnableAsync("Probe"))));
        await erp.EnableAsync("Probe");

        Assert.Equal((200, "probe at /probe for /x"), await erp.GetAsync("/probe/x"));
        Assert.Equal(1, erp.Probe.Events.Count(happened => happened == "module started") - erp.Probe.Events.Count(happened => happened == "disposed"));
    }

    private async Task<TestErp> StartAsync()
    {
        var erp = await TestErp.StartAsync(
            _folders, services: services => services.AddSingleton<TimeProvider>(_time), modules: options => options.AddModule<ProbeModule>(ProbeModule.Manifest, _folders.Root));
        await erp.EnableAsync("Probe");
        return erp;
    }
}
