using System.Collections.Concurrent;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Hosting;

/// <summary>An ERP on a real socket with the loader in it, a data folder and a modules folder of its own.</summary>
internal sealed class TestErp : IAsyncDisposable
{
    public const string Sample = "Erp.Sample";

    private TestErp(WebApplication app, TestFolders folders, Probe probe)
    {
        (App, Folders, Probe) = (app, folders, probe);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public WebApplication App { get; }

    public TestFolders Folders { get; }

    public Probe Probe { get; }

    public HttpClient Http { get; }

    public IErpModules Modules => App.Services.GetRequiredService<IErpModules>();

    /// <summary>Starts it. A setting <c>Probe</c> = true adds <see cref="ProbeModule"/> by reference.</summary>
    public static async Task<TestErp> StartAsync(
        TestFolders folders, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, Action<ErpModulesOptions>? modules = null,
        Action<IApplicationBuilder>? before = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folders.Root });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var probe = new Probe();
        builder.Services.AddSingleton<INotifier>(probe);
        builder.Logging.AddProvider(probe).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddErpModules(options =>
        {
            options.ModulesDirectory = folders.Modules;
            options.DataDirectory = folders.Data;
            modules?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        before?.Invoke(app);
        app.UseErpModules();
        app.MapGet("/host", () => "the host answers");
        await app.StartAsync();
        return new TestErp(app, folders, probe);
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<ModuleStatus> EnableAsync(string id = Sample) => Modules.EnableAsync(id, CancellationToken.None);

    public Task<ModuleStatus> DisableAsync(string id = Sample) => Modules.DisableAsync(id, CancellationToken.None);

    public ModuleStatus Status(string id = Sample) => Modules.All.Single(module => module.Manifest.Id == id);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}

/// <summary>What an ERP has on disk, with the sample module in its modules folder; gone after the test.</summary>
public sealed class TestFolders : IDisposable
{
    public TestFolders()
    {
        Root = Directory.CreateTempSubdirectory("erp-hosting-").FullName;
        Copy(Path.Combine(AppContext.BaseDirectory, "fixtures", "modules"), Modules);
    }

    public string Root { get; }

    public string Data => Path.Combine(Root, "data");

    public string Modules => Path.Combine(Root, "modules");

    public string SampleManifest => Path.Combine(Modules, TestErp.Sample, "module.json");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

/// <summary>What a test shares with the module in it: it stands in the ERP as a port, and listens to its log.</summary>
internal sealed class Probe : INotifier, ILoggerProvider
{
    /// <summary>What happened, in order.</summary>
    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>What was logged, with the exceptions.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Ends when a request is inside the module.</summary>
    public TaskCompletionSource Inside { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the module was told that it is about to stop.</summary>
    public TaskCompletionSource Stopping { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets that request go.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task NotifyAsync(Notice notice, CancellationToken cancellationToken) => Task.CompletedTask;

    public ILogger CreateLogger(string categoryName) => new Listener(this);

    public void Dispose()
    {
    }

    private sealed class Listener(Probe probe) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            probe.Log.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
