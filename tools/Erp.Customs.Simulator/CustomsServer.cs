using Erp.Customs.Simulator.Judging;
using Erp.Customs.Simulator.Pages;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Erp.Customs.Simulator;

/// <summary>Customs on a real socket: takes uploads (realTimeDataUpload), asks for orders (<see cref="Caller"/>), remembers everything (<see cref="Log"/>), fails on demand (<see cref="Faults"/>).</summary>
public sealed class CustomsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CustomsServer(WebApplication app, CustomsServerOptions options)
    {
        _app = app;
        Register = options.Register;
        Log = CustomsLog.Open(options.LogFile, options.Time);
        Caller = new Caller(Log, options.Time);
        Bridge = OpenBridge(options);
    }

    /// <summary>Where it listens: the first address, with its real port.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Where firms upload.</summary>
    public Uri UploadAddress => new(BaseAddress, UploadEndpoint.Path);

    /// <summary>Who registered which certificate.</summary>
    public CustomsRegister Register { get; }

    /// <summary>Everything that was sent and received.</summary>
    public CustomsLog Log { get; }

    /// <summary>What is to go wrong.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Calls platDataOpen.</summary>
    public Caller Caller { get; }

    /// <summary>The payment-customs bridge, on the same socket: PushOrder and GetOrder stand under <see cref="BaseAddress"/>.</summary>
    public PaymentBridge Bridge { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">The port or the log's file is taken.</exception>
    public static async Task<CustomsServer> StartAsync(CustomsServerOptions options, CancellationToken cancellationToken)
    {
        // The empty builder: neither a settings file nor an environment variable of the program around it may move this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        if (options.Logging is not null)
        {
            builder.Services.AddSingleton(options.Logging);
        }

        var app = builder.Build();
        var server = new CustomsServer(app, options);
        try
        {
            server.Map(options);
            await app.StartAsync(cancellationToken);
            server.BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Caller.Dispose();
        Bridge.Dispose();
        Log.Dispose();
    }

    private PaymentBridge OpenBridge(CustomsServerOptions options)
    {
        try
        {
            return new PaymentBridge(options.BridgeLogFile ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.LogFile))!, "bridge.jsonl"), options.Time);
        }
        catch
        {
            Log.Dispose();
            Caller.Dispose();
            throw;
        }
    }

    private void Map(CustomsServerOptions options)
    {
        var uploads = new UploadEndpoint(new Judge(Register, Log, options.AcceptUnasked), Log, Faults, options.Time, _app.Lifetime);
        _app.MapPost(UploadEndpoint.Path, uploads.HandleAsync);
        _app.MapPost(UploadEndpoint.StrayPath, uploads.HandleStrayAsync);
        new BridgeEndpoints(Bridge, options.Time, _app.Lifetime).Map(_app);
        new ControlEndpoints(Faults, Caller).Map(_app);
        new SessionPages(this).Map(_app);
    }
}
