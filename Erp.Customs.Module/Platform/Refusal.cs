using System.Net.Mime;
using System.Text.Encodings.Web;
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
        return IsBrowser(http) ? WritePageAsync(http, error) : http.Response.WriteAsJsonAsync(new { error, problems = Array.Empty<string>() });
    }

    private static bool IsBrowser(HttpContext http) => http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase));

    /// <summary>For a person whose screen was open while the module was switched off.</summary>
    private static Task WritePageAsync(HttpContext http, string error)
    {
        var (zh, en) = (HtmlEncoder.Default.Encode(Words.In(error, english: false)), HtmlEncoder.Default.Encode(Words.In(error, english: true)));
        var again = HtmlEncoder.Default.Encode(http.Request.PathBase + http.Request.Path);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'self'";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{zh}</title></head>
            <body><main><h1>{zh}</h1><p>刚才的操作没有执行，已保存的数据不受影响。模块启用后请重新打开本页。</p><p><a href="{again}">重新打开</a></p>
            <div lang="en"><h2>{en}</h2><p>What you just did was not carried out; what is stored is as it was. Open this page again when the module runs.</p></div></main></body></html>
            """);
    }
}
