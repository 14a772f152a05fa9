using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Erp.Customs.Tests.Hosting;

/// <summary>A module by reference that writes down what is done with it. The setting <c>Probe:Throw</c> names what throws.</summary>
internal class ProbeModule : IErpModule
{
    public static readonly ModuleManifest Manifest = new("Probe", "探针", "Probe", "1", "", "", "", "", ModuleManifest.ContractsVersion);

    public IReadOnlyList<Permission> Permissions => [];

    public IReadOnlyList<MenuEntry> Menu(IConfiguration configuration) =>
        configuration["Probe:Throw"] == "Menu" ? throw new InvalidOperationException("secret detail") : [];

    public virtual string BasePath(IConfiguration configuration) =>
        configuration["Probe:Throw"] == "BasePath" ? throw new InvalidOperationException("secret detail") : configuration["Probe:BasePath"] ?? "/probe";

    public void ConfigureServices(IServiceCollection services, ModuleContext context)
    {
        services.AddSingleton<Resource>();
        services.AddSingleton<IHostedService>(own => new Worker("first", own.GetRequiredService<INotifier>(), fails: false));
        services.AddSingleton<IHostedService>(own => new Worker("second", own.GetRequiredService<INotifier>(), fails: context.Configuration["Probe:Throw"] == "HostedService"));
    }

    public void Configure(IApplicationBuilder app) => app.Run(async http =>
    {
        var probe = (Probe)http.RequestServices.GetRequiredService<INotifier>();
        if (http.Request.Path == "/wait")
        {
            probe.Inside.TrySetResult();
            await probe.Stopping.Task;
        }

        if (http.Request.Path == "/hold")
        {
            probe.Inside.TrySetResult();
            await probe.Release.Task;
            probe.Events.Enqueue("request answered");
        }

        await http.Response.WriteAsync($"probe at {http.Request.PathBase} for {http.Request.Path}");
    });

    public virtual Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<Resource>();
        Of(services).Events.Enqueue("module started");
        return Task.CompletedTask;
    }

    public void Stopping(IServiceProvider services) => Of(services).Stopping.TrySetResult();

    public Task StopAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        Of(services).Events.Enqueue("module stopped");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SelfCheck>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IConfiguration>()["Probe:Check"] switch
        {
            "throws" => throw new InvalidOperationException("secret detail"),
            "hangs" => new TaskCompletionSource<IReadOnlyList<SelfCheck>>().Task,
            _ => Task.FromResult<IReadOnlyList<SelfCheck>>([]),
        };

    public Task RefuseAsync(HttpContext http, ModuleRefusal refusal)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync(refusal.ToString());
    }

    public Task<string?> WhyKeepAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    private static Probe Of(IServiceProvider services) => (Probe)services.GetRequiredService<INotifier>();

    internal sealed class Worker(string name, INotifier probe, bool fails) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (fails)
            {
                throw new InvalidOperationException("secret detail");
            }

            ((Probe)probe).Events.Enqueue($"{name} started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            ((Probe)probe).Events.Enqueue($"{name} stopped");
            return Task.CompletedTask;
        }
    }

    internal sealed class Resource(INotifier probe) : IDisposable
    {
        public void Dispose() => ((Probe)probe).Events.Enqueue("disposed");
    }
}

/// <summary>One that cannot even be made.</summary>
internal sealed class UnmakeableModule : ProbeModule
{
    public UnmakeableModule() => throw new InvalidOperationException("secret detail");
}

/// <summary>One that starts when it is let.</summary>
internal sealed class HesitantModule : ProbeModule
{
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        ((Probe)services.GetRequiredService<INotifier>()).Release.Task.WaitAsync(cancellationToken);
}
