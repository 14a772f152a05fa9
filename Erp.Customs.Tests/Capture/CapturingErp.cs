using System.Collections.Concurrent;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Capture;

/// <summary>The capturing half of an ERP, with a module that a test switches on and off in its place.</summary>
internal sealed class CapturingErp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public CapturingErp(string folder, ModuleDouble? module = null, Action<RawPaymentCaptureOptions>? options = null, Action<PaymentCaptureOptions>? limits = null, HttpMessageHandler? primary = null, TimeProvider? time = null)
    {
        Module = module ?? new ModuleDouble();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton<IErpModules>(Module);
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddPaymentCapture(capture =>
        {
            capture.Directory = folder;
            capture.RetryInterval = TimeSpan.FromMilliseconds(10);
            limits?.Invoke(capture);
        });
        var client = services.AddHttpClient("pay").ConfigurePrimaryHttpMessageHandler(() => primary ?? new SocketsHttpHandler { UseProxy = false });
        client.AddRawPaymentCapture(capture =>
        {
            capture.Merchant = "ningbo";
            capture.Channel = "wechat";
            capture.TradeNo = TradeNo.FirstOf(TradeNo.Xml("out_trade_no"), TradeNo.Field("out_trade_no"), TradeNo.Json("out_trade_no"));
            options?.Invoke(capture);
        });
        _services = services.BuildServiceProvider();
        Capture = _services.GetRequiredService<IPaymentCapture>();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("pay");
    }

    public LogTrap Log { get; } = new();

    public ModuleDouble Module { get; }

    public IPaymentCapture Capture { get; }

    public HttpClient Client { get; }

    /// <summary>What the module has, once everything is durable.</summary>
    public async Task<IReadOnlyList<CapturedMessage>> StoredAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Capture.FlushAsync(limit.Token);
        return Module.Stored;
    }

    public async Task<CapturedMessage> OnlyAsync(CapturedKind kind) => Assert.Single(await StoredAsync(), message => message.Kind == kind);

    public static string Text(CapturedMessage message) => Encoding.UTF8.GetString(message.Message.Bytes.Span);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Stands for the modules of an ERP: one that keeps captured messages in memory, and may be off, broken or stuck.</summary>
internal sealed class ModuleDouble : IErpModules, ICaptureReceiver
{
    private readonly ConcurrentDictionary<Guid, CapturedMessage> _stored = new();

    public bool IsOn { get; set; } = true;

    public bool IsBroken { get; set; }

    /// <summary>Trade number of a message that it cannot take.</summary>
    public string? Poison { get; set; }

    /// <summary>How often it was given a message.</summary>
    public int Given => _given;

    private int _given;

    public IReadOnlyList<CapturedMessage> Stored => [.. _stored.Values.OrderBy(message => message.CapturedAt)];

    public IReadOnlyList<ModuleStatus> All => [];

    public Task ReceiveAsync(IReadOnlyList<CapturedMessage> messages)
    {
        Interlocked.Add(ref _given, messages.Count);
        if (IsBroken || messages.Any(message => message.TradeNo == Poison))
        {
            throw new InvalidOperationException("CANARY-6222020200112233");
        }

        foreach (var message in messages)
        {
            _stored.TryAdd(message.Id, message);
        }

        return Task.CompletedTask;
    }

    public T? Find<T>() where T : class => IsOn ? this as T : null;

    public Task<ModuleStatus> EnableAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ModuleStatus> DisableAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> MigrateAsync(string id, bool dryRun, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SelfCheck>> CheckAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> WhyKeepAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> DetachAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TResult> ReadAsync<TService, TResult>(string id, Func<TService, Task<TResult>> work, CancellationToken cancellationToken)
        where TService : class => throw new NotSupportedException();

    public void Discover()
    {
    }
}

/// <summary>A folder of a test's own.</summary>
public abstract class InFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("erp-capture-");

    /// <summary>Where the spool may write; not made yet.</summary>
    protected string Folder => Path.Combine(_root.FullName, "spool");

    protected string[] Files => Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.msg") : [];

    public void Dispose()
    {
        _root.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
