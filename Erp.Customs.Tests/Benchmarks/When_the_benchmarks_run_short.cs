using System.Diagnostics;
using System.Reflection;

namespace Erp.Customs.Tests.Benchmarks;

/// <summary>The program of docs/performance.md, in its smoke test. What its figures are is not looked at.</summary>
public sealed class When_the_benchmarks_run_short
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(7);

    private static readonly string[] s_names = ["acknowledge", "render", "sign", "agent", "answer", "flood", "call", "capture", "insert", "look-up", "retention", "seal", "screens"];

    [Fact]
    public async Task Should_come_to_the_end_with_rows_of_each()
    {
        var (exitCode, output, error) = await RunAsync("--short");

        Assert.True(exitCode == 0, error);
        var rows = output.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()).ToHashSet(StringComparer.Ordinal);
        Assert.All(s_names, name => Assert.Contains(name, rows));
        Assert.All(["- Machine: ", "- Date: ", "- Command: ", "- Build: "], head => Assert.Contains(head, output, StringComparison.Ordinal));
        Assert.Contains(", Quartz,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_what_there_is_when_asked_for_something_else()
    {
        var (exitCode, _, error) = await RunAsync("speed");
        Assert.Equal(2, exitCode);
        Assert.All(s_names, name => Assert.Contains(name, error, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Out, string Error)> RunAsync(string argument)
    {
        var assembly = typeof(When_the_benchmarks_run_short).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "BenchmarksAssembly").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, argument]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(s_patience);
            return (process.ExitCode, await output, await error);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
