using System.Reflection;
using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin;

/// <summary>The permissions that a page needs; a page without them is closed to everybody.</summary>
/// <param name="toSee">To look at it.</param>
/// <param name="toAct">To send any of its forms; without one it has none.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsAttribute(string toSee, string? toAct = null) : Attribute
{
    public string ToSee { get; } = toSee;

    public string? ToAct { get; } = toAct;
}

/// <summary>Lets a user see a page, or act on it, whose permission the host says he holds, and sets the headers that every page carries.</summary>
internal sealed class PageAccess : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
        // As antiforgery writes them too.
        http.Response.Headers.CacheControl = "no-cache, no-store";
        http.Response.Headers.Pragma = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        if (Denied(http, context.HandlerInstance.GetType()) is { } denial)
        {
            context.Result = denial;
            return;
        }

        await next();
    }

    /// <summary>The permission without which a request is refused; <see langword="null"/> for a page that nobody may use so.</summary>
    public static string? Needed(Type page, string method) => page.GetCustomAttribute<NeedsAttribute>() is not { } needs ? null
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? needs.ToSee
        : needs.ToAct;

    private static IActionResult? Denied(HttpContext http, Type page)
    {
        var users = http.RequestServices.GetService<IErpUsers>();
        if (users?.Current(http) is not { } user)
        {
            return users?.SignInAddress(http) is { } address && HttpMethods.IsGet(http.Request.Method)
                ? new LocalRedirectResult(address)
                : Closed(StatusCodes.Status401Unauthorized, Words.Of("请先登录 ERP", "Sign in to the ERP first"));
        }

        return Needed(page, http.Request.Method) is { } permission && user.Permissions.Contains(permission)
            ? null
            : Closed(StatusCodes.Status403Forbidden, HttpMethods.IsGet(http.Request.Method)
                ? Words.Of("没有查看权限", "You do not have the permission for this page")
                : Words.Of("没有操作权限，未作任何更改", "You do not have the permission to do this; nothing was changed"));
    }

    private static ContentResult Closed(int status, string sentence) => new() { StatusCode = status, Content = sentence, ContentType = "text/plain; charset=utf-8" };
}
