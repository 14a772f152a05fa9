using System.Diagnostics;
using System.Text.Json;

namespace Erp.Customs.Benchmarks.World;

/// <summary>The simulator's customs in a process of their own, as the program that users have.</summary>
internal sealed class CustomsProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private long _read;

    private CustomsProcess(Process process, string folder, Uri address) => (_process, _folder, UploadAddress) = (process, folder, address);

    /// <summary>Where it takes uploads.</summary>
    public Uri UploadAddress { get; }

    /// <summary>Starts it on a free port.</summary>
    /// <param name="folder">For its log.</param>
    /// <param name="certificate">The one registered certificate, PEM.</param>
    /// <param name="certNo">Its number.</param>
    public static async Task<CustomsProcess> StartAsync(string folder, string certificate, string certNo)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Erp.Customs.Simulator.dll"), "--urls", "http://127.0.0.1:0", "--data", folder,
                "--register", $"{certNo}:{BenchPayments.EbpCode}:{certificate}", "--accept-unasked",
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ')[^1] is var address && address.EndsWith("/realTimeDataUpload", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new CustomsProcess(process, folder, new Uri(address));
            }
        }

        throw new InvalidOperationException("The simulator did not start.");
    }

    /// <summary>When each session was accepted, of those that came since the last call.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> AcceptedAsync()
    {
        var accepted = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await using var file = new FileStream(Path.Combine(_folder, "customs-log.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _read;
        _read = file.Length;
        using var lines = new StreamReader(file);
        while (await lines.ReadLineAsync() is { } text)
        {
            using var line = JsonDocument.Parse(text);
            var root = line.RootElement;
            if (root.GetProperty("kind").GetString() == "upload")
            {
                accepted.Add(root.GetProperty("sessionId").GetString()!, root.GetProperty("verdict").GetString() == "accepted"
                    ? root.GetProperty("at").GetDateTimeOffset()
                    : throw new InvalidOperationException($"Customs refused: {root.GetProperty("code").GetString()} {root.GetProperty("message").GetString()}"));
            }
        }

        return accepted;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
