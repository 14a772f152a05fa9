using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Microsoft.Extensions.Configuration;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_a_module_throws : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [InlineData("ConfigureServices")]
    [InlineData("Configure")]
    [InlineData("StartAsync")]
    public async Task The_host_lives_and_shows_where_it_threw_but_not_what_was_said(string member)
    {
        await using var erp = await TestErp.StartAsync(_folders, new() { ["Sample:Throw"] = member, ["Modules:Enabled"] = TestErp.Sample });

        Assert.Equal(ModuleState.Failed, erp.Status().State);
        Assert.Contains($"The module threw InvalidOperationException in {member}", erp.Status().Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", erp.Status().Sentence, StringComparison.Ordinal);
        Assert.Contains(erp.Probe.Log, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("secret detail", StringComparison.Ordinal));
        Assert.Equal((503, "Failed at /sample for /api/version"), await erp.GetAsync("/sample/api/version"));
        Assert.Equal((200, "the host answers"), await erp.GetAsync("/host"));

        erp.App.Configuration["Sample:Throw"] = null;
        Assert.Equal(ModuleState.Running, (await erp.EnableAsync()).State);
        Assert.Equal("", erp.Status().Sentence);
        Assert.Equal(200, (await erp.GetAsync("/sample/api/version")).Status);
    }

    [Fact]
    public async Task A_sentence_about_a_setting_is_shown_as_it_is()
    {
        const string Sentence = "Sample:Missing is missing: set it to a number.";
        await using var erp = await TestErp.StartAsync(_folders, new() { ["Sample:Missing"] = Sentence });
        Assert.Equal(Sentence, (await erp.EnableAsync()).Sentence);
    }

    [Fact]
    public async Task What_was_half_started_is_stopped_and_disposed()
    {
        await using var erp = await StartProbeAsync<ProbeModule>("HostedService");
        var status = await erp.EnableAsync("Probe");

        Assert.Equal(ModuleState.Failed, status.State);
        Assert.Contains("IHostedService.StartAsync", status.Sentence, StringComparison.Ordinal);
        Assert.Equal(["module started", "first started", "second stopped", "first stopped", "module stopped", "disposed"], erp.Probe.Events);
        Assert.Equal((503, "Failed"), await erp.GetAsync("/probe"));
    }

    [Fact]
    public async Task A_failing_menu_is_as_good_as_a_failing_start()
    {
        await using var erp = await StartProbeAsync<ProbeModule>("Menu");
        Assert.Contains("in Menu", (await erp.EnableAsync("Probe")).Sentence, StringComparison.Ordinal);
        Assert.Empty(erp.Probe.Events);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("BasePath")]
    public async Task Nothing_is_mapped_where_no_base_path_is_known(string? member)
    {
        await using var erp = member is null ? await StartProbeAsync<UnmakeableModule>(null) : await StartProbeAsync<ProbeModule>(member);
        Assert.Equal(ModuleState.Disabled, erp.Status("Probe").State);

        var status = await erp.EnableAsync("Probe");
        Assert.Equal((ModuleState.Failed, ""), (status.State, status.BasePath));
        Assert.Contains("threw InvalidOperationException in Load", status.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", status.Sentence, StringComparison.Ordinal);
        Assert.Equal(404, (await erp.GetAsync("/probe")).Status);
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("/")]
    [InlineData("/probe/")]
    [InlineData("/a//b")]
    public async Task A_base_path_of_the_wrong_shape_is_named(string basePath)
    {
        await using var erp = await TestErp.StartAsync(
            _folders, new() { ["Probe:BasePath"] = basePath }, modules: options => options.AddModule<ProbeModule>(ProbeModule.Manifest, _folders.Root));
        Assert.Contains("must begin with a slash", (await erp.EnableAsync("Probe")).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_background_service_that_dies_later_is_a_red_light_and_no_more()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();
        using var died = await erp.Http.PostAsync("/sample/api/die", null);

        var checks = await Waiting.ForAsync(
            () => erp.Modules.CheckAsync(TestErp.Sample, CancellationToken.None), lights => lights.Any(light => light.Light == SelfCheckLight.Red));
        Assert.Contains("Pulse (InvalidTimeZoneException) has died", checks[^1].SentenceEn, StringComparison.Ordinal);
        Assert.Contains(erp.Probe.Log, line => line.StartsWith("Critical", StringComparison.Ordinal));
        Assert.Equal((200, "stands"), await erp.GetAsync("/sample/api/pulse"));

        await erp.DisableAsync();
        await erp.EnableAsync();
        Assert.Equal((200, "beats"), await erp.GetAsync("/sample/api/pulse"));
    }

    [Theory]
    [InlineData("throws", "threw InvalidOperationException")]
    [InlineData("hangs", "took too long")]
    public async Task A_self_check_that_throws_or_hangs_is_a_red_light(string how, string sentence)
    {
        await using var erp = await TestErp.StartAsync(_folders, new() { ["Probe:Check"] = how }, modules: options =>
        {
            options.CheckLimit = how == "hangs" ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMinutes(1);
            options.AddModule<ProbeModule>(ProbeModule.Manifest, _folders.Root);
        });
        await erp.EnableAsync("Probe");

        var light = Assert.Single(await erp.Modules.CheckAsync("Probe", CancellationToken.None));
        Assert.Equal(SelfCheckLight.Red, light.Light);
        Assert.Contains(sentence, light.SentenceEn, StringComparison.Ordinal);
    }

    private Task<TestErp> StartProbeAsync<T>(string? member) where T : IErpModule, new() =>
        TestErp.StartAsync(_folders, new() { ["Probe:Throw"] = member }, modules: options => options.AddModule<T>(ProbeModule.Manifest, _folders.Root));
}
