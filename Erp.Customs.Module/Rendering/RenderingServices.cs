using Erp.Customs.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <summary>Registers the renderers and the templates.</summary>
internal static class RenderingServices
{
    public static IServiceCollection AddRendering(this IServiceCollection services, ModuleContext context)
    {
        services.AddSingleton(provider => new RenderersInForce(
            PayExchangeRenderers.Create(context.ModuleDirectory, provider.GetRequiredService<ILoggerFactory>()), CbtRenderers.Create(context.ModuleDirectory)));
        services.AddSingleton<IPayExchangeRenderer>(provider => provider.GetRequiredService<RenderersInForce>());
        services.AddSingleton<ICbtRenderer>(provider => provider.GetRequiredService<RenderersInForce>());
        services.AddSingleton<TemplateBook>();
        services.AddHostedService<TemplateWatch>();
        return services;
    }
}
