using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Hosting;

/// <summary>The port <see cref="IModuleRestart"/> as the loader fills it.</summary>
public sealed class When_a_module_asks_to_start_anew : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task The_request_that_asks_is_answered_first_and_the_module_runs_again()
    {
        await using var erp = await StartAsync();
        var restart = erp.App.Services.GetRequiredService<IModuleRestart>();
        Assert.True(restart.IsOffered);
        var inside = erp.GetAsync("/probe/hold");
        await erp.Probe.Inside.Task;

        restart.Request("Probe");
        restart.Request("Probe");

        await Waiting.ForAsync(() => Task.FromResult(erp.Status("Probe").State), state => state == ModuleState.Changing);
        Assert.Equal((503, "Changing"), await erp.GetAsync("/probe"));
        erp.Probe.Release.SetResult();
        Assert.Equal(200, (await inside).Status);
        await Waiting.ForAsync(() => Task.FromResult(erp.Status("Probe").State), state => state == ModuleState.Running);
        Assert.Equal(200, (await erp.GetAsync("/probe")).Status);
        Assert.Equal(2, erp.Probe.Events.Count(happened => happened == "module started"));
        Assert.Equal(1, erp.Probe.Events.Count(happened => happened == "module stopped"));
    }

    [Fact]
    public async Task A_module_that_is_off_stays_off_and_one_that_is_not_there_is_no_module()
    {
        await using var erp = await StartAsync();
        await erp.DisableAsync("Probe");
        var restart = erp.App.Services.GetRequiredService<IModuleRestart>();

        restart.Request("Probe");

        Assert.Throws<KeyNotFoundException>(() => restart.Request("Nobody"));
        await erp.App.StopAsync();
        Assert.Equal(1, erp.Probe.Events.Count(happened => happened == "module started"));
    }

    private async Task<TestErp> StartAsync()
    {
        var erp = await TestErp.StartAsync(_folders, modules: options => options.AddModule<ProbeModule>(ProbeModule.Manifest, _folders.Root));
        await erp.EnableAsync("Probe");
        return erp;
    }
}
