using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Signing.Cbt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing;

/// <summary>Registers the signers and what sign agents need.</summary>
internal static class SigningServices
{
    public static IServiceCollection AddSigning(this IServiceCollection services)
    {
        services.AddSingleton<AgentDesk>();
        services.AddSingleton<SignAgentEndpoints>();
        services.AddHostedService<SignJobSweep>();
        services.AddSingleton(provider =>
        {
            var desk = provider.GetRequiredService<AgentDesk>();
            var kinds = new Dictionary<string, OpenSigner>(SignerKinds.OnThisMachine, StringComparer.OrdinalIgnoreCase)
            {
                [AgentSigner.KindName] = (merchant, _, _) => new AgentSigner(merchant, desk),
                [CbtSigner.KindName] = (merchant, time, logger) => CbtSigner.Open(merchant, provider.GetRequiredService<ICbtRenderer>(), time, logger),
            };
            return new Signers(provider.GetRequiredService<CustomsOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Signers>>(), kinds);
        });
        return services;
    }
}
