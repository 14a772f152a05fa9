using System.Reflection;
using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin;

/// <summary>The permission that a page needs; a page without one is closed to everybody.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsAttribute(string permission) : Attribute
{
    public string Permission { get; } = permission;
}

/// <summary>Lets a user see a page whose permission the host says he holds, and sets the headers that every page carries.</summary>
internal sealed class PageAccess : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        if (Denied(http, context.HandlerInstance.GetType()) is { } denial)
        {
            context.Result = denial;
            return;
        }

        await next();
    }

    private static IActionResult? Denied(HttpContext http, Type page)
    {
        var users = http.RequestServices.GetService<IErpUsers>();
        if (users?.Current(http) is not { } user)
        {
            return users?.SignInAddress(http) is { } address
                ? new LocalRedirectResult(address)
                : Closed(StatusCodes.Status401Unauthorized, Words.Of("请先登录 ERP", "Sign in to the ERP first"));
        }

        return page.GetCustomAttribute<NeedsAttribute>()?.Permission is { } permission && user.Permissions.Contains(permission)
            ? null
            : Closed(StatusCodes.Status403Forbidden, Words.Of("没有查看权限", "You do not have the permission for this page"));
    }

    private static ContentResult Closed(int status, string sentence) => new() { StatusCode = status, Content = sentence, ContentType = "text/plain; charset=utf-8" };
}
