using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Platform;

/// <summary>What callers hear while the module does not run: customs their 20000, who looks at a screen a page that says what to do, everybody else 503 with a sentence.</summary>
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

        if (StatePage.IsStyle(http))
        {
            return StatePage.WriteStyleAsync(http);
        }

        var state = PageState.Off(refusal);
        if (StatePage.IsWanted(http))
        {
            return StatePage.WriteAsync(http, state with { Address = http.Request.PathBase + http.Request.Path, Button = Words.Of("重新打开", "Open it again") });
        }

        http.Response.StatusCode = state.Status;
        return http.Response.WriteAsJsonAsync(new { error = state.Sentence, problems = Array.Empty<string>() });
    }
}
