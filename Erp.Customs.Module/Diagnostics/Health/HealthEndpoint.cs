using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Module.Diagnostics.Health;

/// <summary>
/// <c>{base}/health</c>: the module runs, for anybody; it asks nothing and tells nothing more. <c>{base}/health/details</c>: every check, for who shows an API key or may see the screens.
/// </summary>
internal static class HealthEndpoint
{
    /// <param name="endpoints">The module's.</param>
    /// <param name="permission">What a user needs to see the details.</param>
    public static void Map(IEndpointRouteBuilder endpoints, string permission)
    {
        endpoints.MapHealthChecks("/health", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (http, report) => http.Response.WriteAsJsonAsync(new { status = Word(report.Status) }) });
        endpoints.MapGet("/health/details", (HttpContext http, HealthCheckService checks, CustomsOptions options, TimeProvider time) => DetailsAsync(http, checks, options, time, permission));
    }

    /// <summary>503 when something does not work; what works but should be looked at is 200.</summary>
    private static async Task<IResult> DetailsAsync(HttpContext http, HealthCheckService checks, CustomsOptions options, TimeProvider time, string permission)
    {
        http.Response.Headers.CacheControl = "no-store";
        var user = http.RequestServices.GetService<IErpUsers>()?.Current(http);
        if (ApiKeys.Owner(options, http.Request) is null && user?.Permissions.Contains(permission) != true)
        {
            return Results.Json(
                new { error = Words.Of($"需要请求头 {ApiKeys.Header} 或查看权限", $"It takes the header {ApiKeys.Header} or the permission to see the screens"), problems = Array.Empty<string>() },
                statusCode: user is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
        }

        var report = await checks.CheckHealthAsync(http.RequestAborted);
        return Results.Json(
            new
            {
                status = Word(report.Status),
                checkedAt = time.GetUtcNow().ToOffset(ChinaTime.Offset),
                checks = report.Entries.Select(entry => new
                {
                    name = entry.Key,
                    status = Word(entry.Value.Status),
                    sentence = entry.Value.Description ?? "",
                    milliseconds = (long)entry.Value.Duration.TotalMilliseconds,
                }),
            },
            statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
