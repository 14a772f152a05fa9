using System.Net;
using Erp.Customs.Reliability.World;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_the_host_program_runs : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Without_users_its_screens_stay_closed_and_say_how_to_open_them()
    {
        await using var program = await HostProgram.StartAsync(_folders.Data, new() { ["Modules:Directory"] = _folders.Modules });
        using var browser = program.Browser();
        foreach (var screen in new[] { "/", "/login", "/admin/modules", "/nowhere" })
        {
            using var page = await browser.GetAsync(screen);
            Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
            Assert.Contains("Host:Users:&lt;用户名&gt;:PasswordHash", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var module = await browser.GetAsync("/sample/x");
        Assert.Equal("Disabled at /sample for /x", await module.Content.ReadAsStringAsync());
        await program.PrintedAsync("Hosting environment: Production");
    }

    [Fact]
    public async Task SIGTERM_ends_it_in_good_order_and_the_next_start_remembers()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var settings = new Dictionary<string, string> { ["Modules:Directory"] = _folders.Modules };
        await using (var first = await HostProgram.StartAsync(_folders.Data, settings, "--Modules:Enabled", TestErp.Sample))
        {
            Assert.Equal(0, await first.TerminateAsync());
            Assert.Contains("Module Erp.Sample is disabled.", first.Output, StringComparison.Ordinal);
        }

        await using var second = await HostProgram.StartAsync(_folders.Data, settings);
        using var browser = second.Browser();
        Assert.Equal("beats", await browser.GetStringAsync("/sample/api/pulse"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folders.Data, "keys")));
    }

    [Fact]
    public async Task Settings_come_from_the_data_folder_and_the_command_line_is_stronger()
    {
        Directory.CreateDirectory(_folders.Data);
        await File.WriteAllTextAsync(
            Path.Combine(_folders.Data, "appsettings.json"), """{ "Modules": { "Enabled": "Erp.Sample" }, "Sample": { "BasePath": "/from-file" } }""");
        await using var program = await HostProgram.StartAsync(
            _folders.Data, new() { ["Modules:Directory"] = _folders.Modules, ["Sample:BasePath"] = "/from-environment" }, "--Sample:BasePath=/from-command-line");
        using var browser = program.Browser();
        Assert.Equal("beats", await browser.GetStringAsync("/from-command-line/api/pulse"));
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_is_one_sentence()
    {
        Directory.CreateDirectory(_folders.Data);
        await File.WriteAllTextAsync(Path.Combine(_folders.Data, "appsettings.json"), "{ oh");
        var (exitCode, _, error) = await HostProgram.RunAsync(null, "--urls", "http://127.0.0.1:0", "--data", _folders.Data);
        Assert.Equal(1, exitCode);
        Assert.Contains("appsettings.json", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_others_may_read_stops_whoever_asks_for_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var secret = Path.Combine(_folders.Root, "Sample__Secret");
        await File.WriteAllTextAsync(secret, "sesame");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await using var program = await HostProgram.StartAsync(_folders.Data, new()
        {
            ["Modules:Directory"] = _folders.Modules,
            ["Modules:Enabled"] = TestErp.Sample,
            ["Host:SecretsDirectory"] = _folders.Root,
        });
        using var browser = program.Browser();
        using var response = await browser.GetAsync("/sample/api/secret");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await program.PrintedAsync("Secret Sample:Secret: its file in Host:SecretsDirectory may be opened by others");
        Assert.DoesNotContain("sesame", program.Output + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_one_sentence()
    {
        await using var program = await HostProgram.StartAsync(_folders.Data);
        var (exitCode, _, error) = await HostProgram.RunAsync(null, "--urls", program.Address.ToString(), "--data", Path.Combine(_folders.Root, "other"));
        Assert.Equal(1, exitCode);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_finds_the_customs_module_beside_it_without_a_copy_of_the_contracts()
    {
        var module = Path.Combine(HostProgram.Folder, "modules", "Erp.Customs");
        Assert.True(File.Exists(Path.Combine(module, "Erp.Customs.Module.dll")));
        Assert.True(File.Exists(Path.Combine(module, "migrations", "sqlite", "0001_first_tables.sql")));
        Assert.Empty(Directory.GetFiles(module, "Erp.Customs.Contracts.*", SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(HostProgram.Folder, "Erp.Customs.Module.dll")));

        await using var program = await HostProgram.StartAsync(_folders.Data);
        using var browser = program.Browser();
        using var answer = await browser.PostAsync("/customs/platDataOpen", new FormUrlEncodedContent([new("openReq", "{}")]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"code\":\"20000\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_lists_the_verbs()
    {
        var (exitCode, output, _) = await HostProgram.RunAsync(null, "--help");
        Assert.Equal(0, exitCode);
        foreach (var word in new[] { "serve", "password", "--urls", "--data", "http://127.0.0.1:5080" })
        {
            Assert.Contains(word, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("no verb sing", "sing")]
    [InlineData("--data needs a value", "--data")]
    [InlineData("--data needs a value", "serve", "--data", "--urls")]
    [InlineData("at least 8 characters", "password")]
    public async Task What_it_cannot_understand_is_one_sentence_and_exit_code_2(string sentence, params string[] arguments)
    {
        var (exitCode, output, error) = await HostProgram.RunAsync("short\n", arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }
}
