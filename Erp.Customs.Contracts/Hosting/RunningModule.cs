using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>One enabling of a module: its container, its pipeline, its hosted services, and the requests inside it.</summary>
internal sealed class RunningModule : IAsyncDisposable
{
    private readonly RequestGate _gate = new();
    private readonly IErpModule _module;
    private readonly string _id;
    private readonly ILogger _logger;
    private readonly RequestDelegate _pipeline;
    private readonly ServiceProvider _services;
    private ModuleHostedServices? _hosted;
    private bool _started;

    private RunningModule(IErpModule module, string id, ServiceProvider services, RequestDelegate pipeline, ILogger logger)
    {
        (_module, _id, _services, _pipeline, _logger) = (module, id, services, pipeline, logger);
    }

    /// <summary>The module's container.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Builds container and pipeline; nothing runs yet.</summary>
    /// <param name="host">The host's container.</param>
    /// <param name="code">The module.</param>
    /// <param name="context">Where it stands.</param>
    /// <param name="stage">Told what is being done, for the sentence when it throws.</param>
    /// <param name="logger">The loader's log.</param>
    public static async Task<RunningModule> BuildAsync(IServiceProvider host, ModuleCode code, ModuleContext context, Action<string> stage, ILogger logger)
    {
        stage(nameof(IErpModule.ConfigureServices));
        var registrations = ModuleServices.Base(host, code, context);
        code.Module.ConfigureServices(registrations, context);
        var services = registrations.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        try
        {
            stage(nameof(IErpModule.Configure));
            var app = new ApplicationBuilder(services);
            code.Module.Configure(app);
            return new(code.Module, context.Manifest.Id, services, app.Build(), logger);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the module, then its hosted services.</summary>
    public async Task StartAsync(Action<string> stage, CancellationToken cancellationToken)
    {
        // A background service keeps the token that it was started with: this one dies with the attempt, so that what ends the attempt cannot end the service later.
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stage(nameof(IErpModule.StartAsync));
        await _module.StartAsync(_services, attempt.Token);
        _started = true;

        stage("IHostedService.StartAsync");
        _hosted = new(_id, [.. _services.GetServices<IHostedService>()], _logger);
        await _hosted.StartAsync(attempt.Token);
    }

    /// <summary>Lets a request in, unless the module is being stopped; each that was let in must <see cref="Leave"/>.</summary>
    public bool TryEnter() => _gate.TryEnter();

    /// <summary>Lets a request out.</summary>
    public void Leave() => _gate.Leave();

    /// <summary>Answers a request that was let in.</summary>
    public async Task InvokeAsync(HttpContext http, PathString basePath, PathString rest)
    {
        await using var scope = _services.CreateAsyncScope();
        var host = HostRequest.HandOver(http, scope.ServiceProvider, basePath, rest);
        try
        {
            await _pipeline(http);
        }
        finally
        {
            host.TakeBack();
        }
    }

    /// <summary>The module's lights, and a red one for each background service that has died.</summary>
    public async Task<IReadOnlyList<SelfCheck>> CheckAsync(CancellationToken cancellationToken) =>
    [
        .. await _module.CheckAsync(_services, cancellationToken),
        .. (_hosted?.Dead ?? []).Select(dead => new SelfCheck(
            "后台任务", "Background services", SelfCheckLight.Red,
            $"{dead} 已意外停止，详见日志；停用后再启用可重新启动。", $"{dead} has died, see the log; disable and enable the module to start it again.")),
    ];

    /// <summary>Why the module's data must not be removed.</summary>
    public Task<string?> WhyKeepAsync(CancellationToken cancellationToken) => _module.WhyKeepAsync(_services, cancellationToken);

    /// <summary>Has the module leave what a reader of its data needs.</summary>
    public Task<string?> DetachAsync(CancellationToken cancellationToken) => _module.DetachAsync(_services, cancellationToken);

    /// <summary>Lets nobody in, waits for those inside, stops hosted services and module, disposes of the container. What the module throws is logged.</summary>
    /// <param name="limit">How long to wait for requests.</param>
    /// <param name="time">The clock of that wait.</param>
    /// <param name="cancellationToken">Shortens the waits.</param>
    public async Task StopAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        await DrainAsync(limit, time, cancellationToken);
        if (_hosted is not null)
        {
            await _hosted.StopAsync(cancellationToken);
        }

        if (_started)
        {
            try
            {
                await _module.StopAsync(_services, cancellationToken);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "Module {Module} threw in {Stage}.", _id, nameof(IErpModule.StopAsync));
            }
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _services.DisposeAsync();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Module {Module}: a service threw while it was disposed.", _id);
        }
    }

    /// <summary>Has the module answer the requests that wait for something.</summary>
    public void Stopping()
    {
        try
        {
            _module.Stopping(_services);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Module {Module} threw in {Stage}.", _id, nameof(IErpModule.Stopping));
        }
    }

    private async Task DrainAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var drained = _gate.Close();
        Stopping();
        try
        {
            await drained.WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _logger.LogWarning("Module {Module} is stopped although {Count} requests are still inside it.", _id, _gate.Inside);
        }
    }
}
