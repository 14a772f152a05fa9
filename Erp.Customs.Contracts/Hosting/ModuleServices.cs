using System.Diagnostics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The container of one enabling: what the host shares, the framework's parts that a module with pages needs, and the module's own services.</summary>
internal static class ModuleServices
{
    /// <summary>What a module takes from the host besides the ports, each where the host has it.</summary>
    private static readonly Type[] _shared =
    [
        typeof(ILoggerFactory), typeof(IHostApplicationLifetime), typeof(DiagnosticListener), typeof(DiagnosticSource), typeof(ActivitySource), typeof(DistributedContextPropagator),
        typeof(IDataProtectionProvider), typeof(IKeyManager),
    ];

    /// <summary>Registers everything but the module's own services.</summary>
    public static ServiceCollection Base(IServiceProvider host, ModuleCode code, ModuleContext context)
    {
        var services = new ServiceCollection();
        foreach (var shared in _shared.Concat(HostPorts.All))
        {
            if (host.GetService(shared) is { } service)
            {
                services.AddSingleton(shared, service);
            }
        }

        services.AddSingleton(context.Configuration);
        services.AddSingleton(host.GetService<TimeProvider>() ?? TimeProvider.System);
        // Registered by a factory so that the container disposes of it.
        services.AddSingleton(_ => new ModuleEnvironment(host.GetRequiredService<IWebHostEnvironment>(), context.ModuleDirectory));
        services.AddSingleton<IWebHostEnvironment>(own => own.GetRequiredService<ModuleEnvironment>());
        services.AddSingleton<IHostEnvironment>(own => own.GetRequiredService<ModuleEnvironment>());

        services.AddSingleton<IAuthenticationService, HostAuthentication>();
        services.AddOptions();
        services.AddLogging();
        services.AddMetrics();
        services.AddRouting();
        services.AddAuthorization();
        AddPages(services, code, context.Manifest.Id);
        return services;
    }

    // Registered before AddRazorPages, this manager keeps it from looking for pages in the host's assemblies.
    private static void AddPages(ServiceCollection services, ModuleCode code, string id)
    {
        var parts = new ApplicationPartManager();
        parts.ApplicationParts.Add(new AssemblyPart(code.Assembly));
        parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(code.Assembly));
        services.AddSingleton(parts);
        services.AddRazorPages();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = $"erp.{id}.af";
            options.HeaderName = "X-Erp-Antiforgery";
        });
    }
}
