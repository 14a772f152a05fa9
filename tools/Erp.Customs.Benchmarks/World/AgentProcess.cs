using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Erp.Customs.Module;

namespace Erp.Customs.Benchmarks.World;

/// <summary>A sign agent in a process of its own, as the program that users have.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private const string Token = "token-of-the-benchmarks";

    private readonly Process _process;

    private AgentProcess(Process process) => _process = process;

    /// <summary>The merchant whose texts such an agent signs.</summary>
    public static MerchantOptions Behind(MerchantOptions merchant) => merchant with
    {
        Signing = new SigningOptions("Agent", "", null, null) { Agents = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["pc"] = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Token)) } },
    };

    /// <summary>Starts one and waits until it is connected.</summary>
    /// <param name="folder">For its settings.</param>
    /// <param name="module">Where the module answers.</param>
    /// <param name="merchant">Whose key file it signs with.</param>
    public static async Task<AgentProcess> StartAsync(string folder, Uri module, MerchantOptions merchant)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "agent.json"), JsonSerializer.Serialize(new
        {
            Agent = new { Module = module, Token, Port = 0 },
            Customs = new { Merchants = new Dictionary<string, object>(StringComparer.Ordinal) { [merchant.Name] = new { Signing = new { merchant.Signing.Kind, merchant.Signing.KeyFile, merchant.Signing.KeyPassword } } } },
        }));
        var assembly = typeof(AgentProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AgentAssembly").Value!;
        var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, "run", "--data", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Connected to the module", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new AgentProcess(process);
            }
        }

        throw new InvalidOperationException("The sign agent did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
