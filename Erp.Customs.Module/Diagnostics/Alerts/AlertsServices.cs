using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>Registers the room.</summary>
internal static class AlertsServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertChannels>();
        services.AddSingleton<AlertOutbox>();
        services.AddSingleton<IScheduledWork, AlertRetention>();
        services.AddSingleton<IScheduledWork, CertificateWatch>();
        services.AddHostedService<AlertSender>();
        return services;
    }
}
