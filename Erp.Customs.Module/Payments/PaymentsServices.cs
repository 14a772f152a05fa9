using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>Registers and starts the room.</summary>
internal static class PaymentsServices
{
    public static IServiceCollection AddPayments(this IServiceCollection services, ModuleContext context, CustomsOptions options)
    {
        services.AddSingleton(BridgeCodes.Read(context.ModuleDirectory));
        services.AddSingleton(CustomsCodes.Read(context.ModuleDirectory, options.Merchants.Values));
        services.AddSingleton<BridgeTable>();
        services.AddSingleton<BridgeOrderRules>();
        services.AddSingleton<BridgeClient>();
        services.AddSingleton<BridgeSchedule>();
        services.AddSingleton<BridgeOutcomes>();
        services.AddSingleton<BridgeArchiver>();
        services.AddSingleton<BridgeNotice>();
        services.AddSingleton<BridgeWork>();
        services.AddSingleton<BridgeSweep>();
        services.AddSingleton<BridgeOrders>();
        services.AddSingleton<IOrderPushes>(provider => provider.GetRequiredService<BridgeOrders>());
        services.AddSingleton<PaymentCallbackEndpoint>();
        services.AddSingleton<IOldPushes, BridgeRetention>();
        if (options.Bridge is not null)
        {
            services.AddHostedService(provider => provider.GetRequiredService<BridgeSweep>());
            services.AddSingleton<IScheduledWork, BridgePolling>();
        }

        return services;
    }

    /// <summary>After migrations: lets go of what an earlier start held, and says where orders are pushed to.</summary>
    public static async Task StartPaymentsAsync(this IServiceProvider services)
    {
        await services.GetRequiredService<BridgeTable>().ReleaseLeasesOfEarlierBootsAsync();
        var logger = services.GetRequiredService<ILogger<BridgeSweep>>();
        if (services.GetRequiredService<CustomsOptions>().Bridge is { } bridge)
        {
            logger.LogInformation("Orders are pushed to {Host}{Path}{Operation}", bridge.BaseUrl.Authority, bridge.BaseUrl.AbsolutePath, bridge.Rehearsal ? "PushTestOrder (rehearsal)" : "PushOrder");
        }
        else
        {
            logger.LogInformation("Customs:Bridge:BaseUrl is not set: no order is pushed to a payment-customs bridge.");
        }
    }
}
