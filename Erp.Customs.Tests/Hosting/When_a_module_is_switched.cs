using System.Net;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Hosting;

public sealed partial class When_a_module_is_switched : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task It_refuses_answers_and_refuses_again_without_a_restart()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        Assert.Equal((503, "Disabled at /sample for /api/version"), await erp.GetAsync("/sample/api/version"));

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(ModuleState.Running, (await erp.EnableAsync()).State);
            Assert.Equal((200, "1.0.0 in Erp.Sample 1.0.0"), await erp.GetAsync("/sample/api/version"));

            Assert.Equal(ModuleState.Disabled, (await erp.DisableAsync()).State);
            Assert.Equal((503, "Disabled at /sample for /api/version"), await erp.GetAsync("/sample/api/version"));
        }

        Assert.Equal((200, "the host answers"), await erp.GetAsync("/host"));
    }

    [Fact]
    public async Task Its_page_its_file_its_job_and_its_log_work()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();

        var (status, page) = await erp.GetAsync("/sample");
        Assert.Equal(200, status);
        Assert.Contains("href=\"/sample/sample.css\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/sample\"", page, StringComparison.Ordinal);
        Assert.Equal((200, "body { color: #333; }\n"), await erp.GetAsync("/sample/sample.css"));
        Assert.Equal((200, "beats"), await erp.GetAsync("/sample/api/pulse"));
        Assert.Equal(404, (await erp.GetAsync("/sample/nothing/here")).Status);

        await erp.GetAsync("/sample/api/log");
        Assert.Contains(erp.Probe.Log, line => line.StartsWith("Warning: said by the sample", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_forms_need_a_token_from_a_cookie_of_its_own()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();
        using var without = await erp.Http.PostAsync("/sample", new FormUrlEncodedContent([new("said", "你好")]));
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);

        using var page = await erp.Http.GetAsync("/sample");
        Assert.Contains("erp.Erp.Sample.af=", Assert.Single(page.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        var token = Token().Match(await page.Content.ReadAsStringAsync()).Groups["token"].Value;
        using var with = await erp.Http.PostAsync("/sample", new FormUrlEncodedContent([new("said", "hello"), new("__RequestVerificationToken", token)]));
        Assert.Contains("<p id=\"said\">hello</p>", await with.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_saved_state_wins_over_the_setting_from_the_second_start_on()
    {
        var settings = new Dictionary<string, string?> { ["Modules:Enabled"] = "erp.sample, Not.There" };
        await using (var first = await TestErp.StartAsync(_folders, settings))
        {
            Assert.Equal(ModuleState.Running, first.Status().State);
            Assert.Contains(first.Probe.Log, line => line.Contains("Not.There", StringComparison.Ordinal));
        }

        await using (var second = await TestErp.StartAsync(_folders))
        {
            Assert.Equal(ModuleState.Running, second.Status().State);
            await second.DisableAsync();
        }

        await using var third = await TestErp.StartAsync(_folders, settings);
        Assert.Equal(ModuleState.Disabled, third.Status().State);
    }

    [Fact]
    public async Task The_state_is_kept_in_a_file_for_the_owner_alone()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();
        var file = Assert.Single(Directory.GetFiles(_folders.Data));
        Assert.Equal("modules.json", Path.GetFileName(file));
        Assert.Contains("\"Erp.Sample\": true", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_state_file_that_nobody_can_read_is_kept_and_the_setting_decides()
    {
        Directory.CreateDirectory(_folders.Data);
        await File.WriteAllTextAsync(Path.Combine(_folders.Data, "modules.json"), "{ oh");
        await using var erp = await TestErp.StartAsync(_folders, new() { ["Modules:Enabled"] = TestErp.Sample });

        Assert.Equal(ModuleState.Running, erp.Status().State);
        Assert.Equal("{ oh", await File.ReadAllTextAsync(Path.Combine(_folders.Data, "modules.json.unreadable")));
    }

    [Fact]
    public async Task It_comes_back_with_the_code_of_a_folder_that_was_replaced_meanwhile()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();
        await erp.DisableAsync();
        var manifest = await File.ReadAllTextAsync(_folders.SampleManifest);
        await File.WriteAllTextAsync(_folders.SampleManifest, manifest.Replace("1.0.0", "2.0.0", StringComparison.Ordinal));

        Assert.Equal("2.0.0", (await erp.EnableAsync()).Manifest.Version);
        Assert.Equal((200, "2.0.0 in Erp.Sample 2.0.0"), await erp.GetAsync("/sample/api/version"));
    }

    [Fact]
    public async Task What_the_host_knows_of_a_request_is_as_before_when_the_module_has_answered()
    {
        var seen = new List<string>();
        await using var erp = await TestErp.StartAsync(_folders, before: app => app.Use(async (http, next) =>
        {
            var endpoint = new Endpoint(null, null, "the host's");
            http.SetEndpoint(endpoint);
            http.Request.RouteValues["of"] = "host";
            var services = http.RequestServices;
            await next(http);
            seen.AddRange([http.Request.PathBase.Value!, http.Request.Path.Value!, (string)http.Request.RouteValues["of"]!]);
            Assert.Same(endpoint, http.GetEndpoint());
            Assert.Same(services, http.RequestServices);
        }));
        await erp.EnableAsync();

        Assert.Equal(200, (await erp.GetAsync("/sample/api/version")).Status);
        Assert.Equal(["", "/sample/api/version", "host"], seen);
    }

    [Fact]
    public async Task Its_services_menu_permissions_lights_and_reason_to_stay_are_there_while_it_runs()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        Assert.Empty(erp.Status().Menu);
        Assert.Equal("/sample", erp.Status().BasePath);
        Assert.Equal("sample.view", Assert.Single(erp.Status().Permissions).Key);
        Assert.Empty(await erp.Modules.CheckAsync(TestErp.Sample, CancellationToken.None));
        Assert.Contains("enable it first", await erp.Modules.WhyKeepAsync(TestErp.Sample, CancellationToken.None), StringComparison.Ordinal);
        Assert.Null(erp.Modules.Find<ModuleContext>());

        await erp.EnableAsync();
        Assert.Equal("/sample", Assert.Single(erp.Status().Menu).Path);
        Assert.Equal(SelfCheckLight.Green, Assert.Single(await erp.Modules.CheckAsync(TestErp.Sample, CancellationToken.None)).Light);
        Assert.StartsWith("示例数据须保留", await erp.Modules.WhyKeepAsync(TestErp.Sample, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folders.Data, TestErp.Sample), erp.Modules.Find<ModuleContext>()?.DataDirectory);
    }

    [Fact]
    public async Task Its_jobs_outlive_the_request_that_switched_it_on()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        using var request = new CancellationTokenSource();
        await erp.Modules.EnableAsync(TestErp.Sample, request.Token);
        await request.CancelAsync();
        Assert.Equal((200, "beats"), await erp.GetAsync("/sample/api/pulse"));
    }

    [Fact]
    public async Task An_attempt_that_was_ended_leaves_it_failed_and_it_can_be_tried_again()
    {
        await using var erp = await TestErp.StartAsync(_folders, modules: options => options.AddModule<HesitantModule>(ProbeModule.Manifest, _folders.Root));
        using var attempt = new CancellationTokenSource();
        var enabling = erp.Modules.EnableAsync("Probe", attempt.Token);
        Assert.Equal((503, "Changing"), await erp.GetAsync("/probe"));
        await attempt.CancelAsync();
        Assert.Equal(ModuleState.Failed, (await enabling).State);

        erp.Probe.Release.SetResult();
        Assert.Equal(ModuleState.Running, (await erp.EnableAsync("Probe")).State);
    }

    [Fact]
    public async Task A_module_that_is_not_there_is_named()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        var thrown = await Assert.ThrowsAsync<KeyNotFoundException>(() => erp.EnableAsync("Not.There"));
        Assert.Contains("Not.There", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_for_signed_in_users_is_401_where_the_host_has_no_sign_in()
    {
        await using var erp = await TestErp.StartAsync(_folders);
        await erp.EnableAsync();
        Assert.Equal(401, (await erp.GetAsync("/sample/api/closed")).Status);
    }

    [Fact]
    public async Task Of_two_base_paths_the_longer_one_wins_and_one_path_belongs_to_one_module()
    {
        var settings = new Dictionary<string, string?> { ["Sample:BasePath"] = "/probe/inner" };
        await using var erp = await TestErp.StartAsync(_folders, settings, modules: options => options.AddModule<ProbeModule>(ProbeModule.Manifest, _folders.Root));
        await erp.EnableAsync("Probe");
        await erp.EnableAsync();

        Assert.Equal((200, "probe at /PROBE for /x"), await erp.GetAsync("/PROBE/x"));
        Assert.Equal((200, "probe at /probe for /innermost"), await erp.GetAsync("/probe/innermost"));
        Assert.Equal((200, "beats"), await erp.GetAsync("/probe/inner/api/pulse"));

        await erp.DisableAsync();
        erp.App.Configuration["Sample:BasePath"] = "/probe";
        var status = await erp.EnableAsync();
        Assert.Equal(ModuleState.Failed, status.State);
        Assert.Contains("/probe is already answered by Probe", status.Sentence, StringComparison.Ordinal);
        Assert.Equal((200, "probe at /probe for /x"), await erp.GetAsync("/probe/x"));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
