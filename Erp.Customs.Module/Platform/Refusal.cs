using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Platform;

/// <summary>What callers hear while the module does not run: customs their 20000, everybody else 503 with a sentence.</summary>
internal static class Refusal
{
    /// <summary>As the routes see it: case and a slash at the end make no difference.</summary>
    public static bool IsPlatDataOpen(HttpContext http) =>
        http.Request.Path.Value is { } path && path.AsSpan().TrimEnd('/').EndsWith("/platDataOpen", StringComparison.OrdinalIgnoreCase);

    public static Task WriteAsync(HttpContext http, ModuleRefusal refusal)
    {
        if (IsPlatDataOpen(http))
        {
            var time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
            return PlatDataOpenEndpoint.WriteAsync(http, OpenReqCode.Failed, "服务暂停，请稍后重试", time);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        var error = refusal switch
        {
            ModuleRefusal.Disabled => Words.Of("模块已停用", "The module is switched off"),
            ModuleRefusal.Changing => Words.Of("模块正在启动或停止，请稍后重试", "The module is starting or stopping; try again"),
            _ => Words.Of("模块未能启动，原因见模块管理页面", "The module could not start; the module screen shows why"),
        };
        return http.Response.WriteAsJsonAsync(new { error, problems = Array.Empty<string>() });
    }
}
