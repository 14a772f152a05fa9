using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Erp.Customs.Reliability.World;

/// <summary>Erp.Customs.Host as a process of its own, spoken to over HTTP and the command line.</summary>
internal sealed partial class HostProgram : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Characters of what was printed that are kept at most; the last ones.</summary>
    private const int OutputKept = 4_000_000;

    private readonly Process _process;
    private readonly StringBuilder _output;

    private HostProgram(Process process, StringBuilder output, Uri address) => (_process, _output, Address) = (process, output, address);

    public Uri Address { get; }

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
        typeof(HostProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "HostAssembly").Value!;

    /// <summary>The folder that the program was built into.</summary>
    public static string Folder => Path.GetDirectoryName(Assembly)!;

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(string? input, params string[] arguments)
    {
        using var process = Process.Start(Command(arguments, []))!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it with settings in its environment, and waits until it has ended, which is expected of it.</summary>
    public static async Task StartToDieAsync(string data, Dictionary<string, string> settings)
    {
        using var process = Process.Start(Serve(data, settings))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        await Task.WhenAll(output, error);
    }

    /// <summary>Starts it with settings in its environment, and waits until it listens.</summary>
    public static Task<HostProgram> StartAsync(string data, Dictionary<string, string>? settings = null, params string[] arguments) => StartAsync(data, settings, _ => { }, arguments);

    /// <summary>The same, with somebody who hears each line that it prints.</summary>
    public static async Task<HostProgram> StartAsync(string data, Dictionary<string, string>? settings, Action<string> heard, params string[] arguments)
    {
        var process = Process.Start(Serve(data, settings ?? [], arguments))!;
        var output = new StringBuilder();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(string? line)
        {
            heard(line ?? "");
            lock (output)
            {
                output.AppendLine(line);
                if (output.Length > OutputKept)
                {
                    output.Remove(0, OutputKept / 2);
                }
            }

            if (line is not null && Listening().Match(line) is { Success: true } match)
            {
                address.TrySetResult(new Uri(match.Groups["url"].Value));
            }
        }

        process.OutputDataReceived += (_, read) => Read(read.Data);
        process.ErrorDataReceived += (_, read) => Read(read.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(address.Task, ended).WaitAsync(_patience) == ended)
        {
            throw new InvalidOperationException($"The host has ended with {process.ExitCode}: {output}");
        }

        return new HostProgram(process, output, await address.Task);
    }

    /// <summary>Waits until it has printed something; its log is written behind its answers.</summary>
    public async Task PrintedAsync(string text)
    {
        using var limit = new CancellationTokenSource(_patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>A browser: keeps cookies, follows nothing.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address, Timeout = _patience };

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(_patience);
        return _process.ExitCode;
    }

    /// <summary>Kills it with no chance to do anything more (SIGKILL), and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended by itself, or throws when that takes longer.</summary>
    public Task EndedAsync(TimeSpan within) => _process.WaitForExitAsync().WaitAsync(within);

    /// <summary>Sends it a signal: STOP, CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Memory that it holds now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Serve(string data, Dictionary<string, string> settings, params string[] arguments) =>
        Command(["--urls", "http://127.0.0.1:0", "--data", data, .. arguments], settings);

    private static ProcessStartInfo Command(string[] arguments, Dictionary<string, string> settings)
    {
        var command = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        // What the machine of the tests is set to must not decide what is tested.
        foreach (var name in command.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name == "DOTNET_ENVIRONMENT").ToList())
        {
            command.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            command.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return command;
    }

    [GeneratedRegex("listening: (?<url>http://\\S+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Listening();
}
