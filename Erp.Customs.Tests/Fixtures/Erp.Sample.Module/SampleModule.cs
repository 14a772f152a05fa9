using System.Runtime.Loader;
using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Sample.Module;

/// <summary>A page, a static file, a minimal API, a background service, an endpoint for signed-in users. The setting <c>Sample:Throw</c> names the member that throws.</summary>
public sealed class SampleModule : IErpModule
{
    private IConfiguration? _configuration;

    /// <inheritdoc />
    public IReadOnlyList<Permission> Permissions { get; } = [new("sample.view", "查看示例", "View the sample")];

    /// <inheritdoc />
    public IReadOnlyList<MenuEntry> Menu(IConfiguration configuration) => [new("/sample", "示例", "Sample", "sample.view")];

    /// <inheritdoc />
    public string BasePath(IConfiguration configuration)
    {
        _configuration = configuration;
        return configuration["Sample:BasePath"] ?? "/sample";
    }

    /// <inheritdoc />
    public void ConfigureServices(IServiceCollection services, ModuleContext context)
    {
        ThrowIfAsked(nameof(ConfigureServices));
        services.AddSingleton<Pulse>();
        services.AddHostedService(own => own.GetRequiredService<Pulse>());
        services.AddSingleton(context);
    }

    /// <inheritdoc />
    public void Configure(IApplicationBuilder app)
    {
        ThrowIfAsked(nameof(Configure));
        app.UseStaticFiles();
        app.UseRouting();
        app.UseAuthorization();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapRazorPages();
            endpoints.MapGet("/api/version", (ModuleContext context) => $"{context.Manifest.Version} in {AssemblyLoadContext.GetLoadContext(typeof(SampleModule).Assembly)!.Name}");
            endpoints.MapGet("/api/pulse", (Pulse pulse) => pulse.Beats ? "beats" : "stands");
            endpoints.MapPost("/api/die", (Pulse pulse) => pulse.Die());
            endpoints.MapGet("/api/closed", (HttpContext http) => http.User.Identity!.Name).RequireAuthorization();
            endpoints.MapGet("/api/secret", (IServiceProvider own) => own.GetService<ISecretStore>()?.Read("Sample:Secret") ?? "none");
            endpoints.MapGet("/api/log", (ILogger<SampleModule> logger) => logger.LogWarning("said by the sample"));
        });
    }

    /// <inheritdoc />
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ThrowIfAsked(nameof(StartAsync));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<IReadOnlyList<SelfCheck>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SelfCheck>>([new("示例自检", "Sample check", SelfCheckLight.Green, "一切正常。", "All is well.")]);

    /// <inheritdoc />
    public Task RefuseAsync(HttpContext http, ModuleRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync($"{refusal} at {http.Request.PathBase} for {http.Request.Path}");
    }

    /// <inheritdoc />
    public Task<string?> WhyKeepAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.FromResult<string?>("示例数据须保留 | the sample's data must stay");

    private void ThrowIfAsked(string member)
    {
        if (_configuration?["Sample:Missing"] is { } setting)
        {
            throw new ModuleConfigurationException(setting);
        }

        if (string.Equals(_configuration?["Sample:Throw"], member, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("secret detail");
        }
    }
}
