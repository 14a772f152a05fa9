using Erp.Customs.Reliability.World;
namespace Erp.Customs.Tests.Hosting;

/// <summary>The program with three users and the sample module: admin may all, clerk may see the sample, guest may nothing.</summary>
public sealed class HostWithUsers : IAsyncLifetime
{
    private HostProgram? _program;

    public TestFolders Folders { get; } = new();

    internal HostProgram Program => _program!;

    public async Task InitializeAsync()
    {
        var (exitCode, hash, _) = await HostProgram.RunAsync(Screens.Password + "\n", "password");
        Assert.Equal(0, exitCode);
        var secrets = Path.Combine(Folders.Root, "secrets");
        Directory.CreateDirectory(secrets);
        var secret = Path.Combine(secrets, "Sample__Secret");
        await File.WriteAllTextAsync(secret, "sesame\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _program = await HostProgram.StartAsync(Folders.Data, new()
        {
            ["Modules:Directory"] = Folders.Modules,
            ["Modules:Enabled"] = TestErp.Sample,
            ["Host:SecretsDirectory"] = secrets,
            ["Host:Users:admin:PasswordHash"] = hash.Trim(),
            ["Host:Users:admin:Permissions"] = "*",
            ["Host:Users:clerk:PasswordHash"] = hash.Trim(),
            ["Host:Users:clerk:Permissions:0"] = "sample.view",
            ["Host:Users:guest:PasswordHash"] = hash.Trim(),
            ["Host:Users:broken:PasswordHash"] = "plain text",
        });
    }

    public async Task DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        Folders.Dispose();
    }

    internal async Task<HttpClient> SignedInAsync(string name)
    {
        var browser = Program.Browser();
        using var response = await browser.SignInAsync(name);
        Assert.Equal(System.Net.HttpStatusCode.Found, response.StatusCode);
        return browser;
    }
}
