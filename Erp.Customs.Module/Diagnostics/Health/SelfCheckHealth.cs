using Erp.Customs.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Module.Diagnostics.Health;

/// <summary>A light as a health check: green is healthy, yellow degraded, red unhealthy.</summary>
internal sealed class SelfCheckHealth(SelfChecks checks, string name) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var lights = await checks.RunAsync(name, cancellationToken);
        var status = lights.Select(light => light.Light).DefaultIfEmpty(SelfCheckLight.Green).Max() switch
        {
            SelfCheckLight.Green => HealthStatus.Healthy,
            SelfCheckLight.Yellow => HealthStatus.Degraded,
            _ => HealthStatus.Unhealthy,
        };
        return new(status, Words.All([.. lights.Select(light => Words.Of($"{light.Name}：{light.Sentence}", $"{light.NameEn}: {light.SentenceEn}"))]));
    }
}
