using Erp.Customs.Contracts.Capture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The two lines with which an ERP gets modules.</summary>
public static class ErpModulesExtensions
{
    /// <summary>Adds the module loader; <see cref="IErpModules"/> and <see cref="IPaymentCapture"/> are then in the container. Register the ports of <see cref="HostPorts"/> beside it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes where modules stand and where they write.</param>
    public static IServiceCollection AddErpModules(this IServiceCollection services, Action<ErpModulesOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ErpModulesOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddDataProtection();
        services.TryAddSingleton<ErpModules>();
        services.TryAddSingleton<IErpModules>(host => host.GetRequiredService<ErpModules>());
        services.TryAddSingleton<IModuleRestart>(host => host.GetRequiredService<ErpModules>());
        services.AddHostedService(host => host.GetRequiredService<ErpModules>());
        services.AddPaymentCapture();
        return services;
    }

    /// <summary>
    /// Hands requests under a module's base path to it; all others go on. May stand anywhere before the host's endpoints,
    /// best before a redirection to https: customs call over plain http. The host's default authentication is asked here if it was not yet.
    /// </summary>
    /// <param name="app">The host's pipeline.</param>
    public static IApplicationBuilder UseErpModules(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var modules = app.ApplicationServices.GetRequiredService<ErpModules>();
        return app.Use((http, next) =>
            modules.Find(http.Request.Path, out var basePath, out var rest) is { } module
                ? AnswerAsync(module, http, basePath, rest)
                : next(http));
    }

    private static async Task AnswerAsync(ModuleSlot module, HttpContext http, PathString basePath, PathString rest)
    {
        await HostAuthentication.EnsureAsync(http);
        await module.InvokeAsync(http, basePath, rest);
    }
}
