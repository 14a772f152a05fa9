using Erp.Customs.Module.Diagnostics.Health;
using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Registers figures, lights and health checks.</summary>
internal static class DiagnosticsServices
{
    /// <summary>For one check. The default value is 10 seconds.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddDiagnostics(this IServiceCollection services, CustomsOptions options)
    {
        services.AddSingleton<CustomsMetrics>();
        services.AddSingleton<SelfChecks>();
        services.AddSingleton<CustomsReachable>();
        services.AddHostedService<QueueWatch>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService<SealingWatch>();
        services.AddSingleton<IScheduledWork, SealingSchedule>();
        services.AddSingleton<IScheduledWork, CheckpointSchedule>();
        services.AddHostedService<AgentWatch>();
        var health = services.AddHealthChecks();
        foreach (var name in SelfChecks.Names(options))
        {
            health.Add(new HealthCheckRegistration(name, provider => new SelfCheckHealth(provider.GetRequiredService<SelfChecks>(), name), failureStatus: null, tags: null, CheckLimit));
        }

        health.AddCheck<CustomsReachable>("customs", timeout: CheckLimit);
        return services;
    }
}
