using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Playwright;

namespace Erp.Customs.Tests.Support;

/// <summary>
/// The Chromium of this test run: one that is installed here, never one that is fetched. One process for all tests, started by the first that needs it
/// and closed with the run; each test has a context of its own in it (<see cref="BrowserPage"/>).
/// </summary>
/// <remarks>The browser lives as long as the pipe to its driver: when this process ends, in whatever way, the driver closes it and removes its profile from the temp folder.</remarks>
internal static class TestBrowser
{
    public const string Variable = "ERP_CUSTOMS_TEST_CHROMIUM";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    private static readonly string? s_program = Find();
    private static readonly Lazy<Task<IBrowser>> s_shared = new(StartAsync);

    /// <summary>Why no test can look at a page here; <see langword="null"/> when they can.</summary>
    public static string? Absent { get; } = ProgramAbsent() ?? DriverAbsent();

    public static Task<IBrowser> SharedAsync() => s_shared.Value;

    private static async Task<IBrowser> StartAsync()
    {
        // Five seconds, the default, are little on a machine whose cores are busy with the other tests.
        Assertions.SetDefaultExpectTimeout(20_000);
        var driver = await Playwright.CreateAsync();
        return await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = s_program,
            Headless = true,
            // Chromium's sandbox refuses root.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Timeout = 60_000,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                // Redirects are not routed: what is not on this machine has no address either.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        });
    }

    private static string? Find() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : (from name in s_names
           from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
           let file = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)
           where File.Exists(file)
           select file).FirstOrDefault();

    private static string? ProgramAbsent() => s_program switch
    {
        null => $"There is no Chromium or Chrome in the PATH (Debian: apt-get install chromium), and {Variable} is not set.",
        _ when !File.Exists(s_program) => $"{Variable} is {s_program}, and there is no such file.",
        _ => null,
    };

    /// <summary>Playwright's driver is a Node.js that the package brings; it needs a system that it was built for.</summary>
    private static string? DriverAbsent()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, ".playwright", "node");
        var node = Directory.Exists(folder) ? Directory.GetFiles(folder, OperatingSystem.IsWindows() ? "node.exe" : "node", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (node is null)
        {
            return "Playwright's driver is not beside the tests: its package has none for this system.";
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(node, "--version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"Playwright's driver does not start here: {error.GetAwaiter().GetResult().Trim()}";
        }
        catch (Win32Exception exception)
        {
            return $"Playwright's driver does not start here: {exception.Message}";
        }
    }
}
