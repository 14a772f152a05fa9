using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>Erp.Customs.SignAgent as a process of its own.</summary>
internal sealed class AgentProgram : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private AgentProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, read) => Hear(read.Data);
        process.ErrorDataReceived += (_, read) => Hear(read.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private static string Assembly { get; } =
        typeof(AgentProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AgentAssembly").Value!;

    /// <summary>The SHA-256 of an agent's token, as the module's settings want it.</summary>
    public static string Sum(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Writes the folder of an agent that signs with the card at a control.</summary>
    /// <param name="folder">A new one, or one to be changed.</param>
    /// <param name="module">Where the module answers.</param>
    /// <param name="token">The agent's.</param>
    /// <param name="control">The control.</param>
    /// <param name="pin">The card's, or a wrong one.</param>
    public static void Prepare(string folder, Uri module, string token, EportControl control, string pin)
    {
        Prepare(folder, module, token, new Dictionary<string, string>(StringComparer.Ordinal) { ["Kind"] = "EportClient", ["Address"] = control.Address.ToString() });
        WriteSecret(folder, "Customs__Merchants__ningbo__Signing__Pin", pin);
    }

    /// <summary>Writes the folder of an agent of the merchant ningbo.</summary>
    /// <param name="folder">A new one, or one to be changed.</param>
    /// <param name="module">Where the module answers.</param>
    /// <param name="token">The agent's.</param>
    /// <param name="signing">Its settings <c>Signing</c>.</param>
    /// <param name="port">Of its page; none by default.</param>
    public static void Prepare(string folder, Uri module, string token, Dictionary<string, string> signing, int port = 0)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "agent.json"), JsonSerializer.Serialize(new
        {
            Agent = new { Module = module, Port = port },
            Customs = new { Merchants = new { ningbo = new { Signing = signing } } },
        }));
        WriteSecret(folder, "Agent__Token", token);
    }

    /// <summary>Starts it on a prepared folder.</summary>
    public static AgentProgram Start(string folder) => new(Process.Start(Command(["run", "--data", folder]))!);

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(string? input, params string[] arguments)
    {
        using var process = Process.Start(Command(arguments))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(s_patience);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Waits until it has printed something.</summary>
    public async Task PrintedAsync(string text)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Kills it with no chance to do anything more (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    /// <summary>Sends it a signal: STOP, CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>A file for its owner alone.</summary>
    private static void WriteSecret(string folder, string name, string value)
    {
        var secrets = Path.Combine(folder, "secrets");
        Directory.CreateDirectory(secrets);
        var file = Path.Combine(secrets, name);
        File.WriteAllText(file, value);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static ProcessStartInfo Command(string[] arguments) => new("dotnet", [Assembly, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        StandardErrorEncoding = Encoding.UTF8,
        WorkingDirectory = Path.GetTempPath(),
    };

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
