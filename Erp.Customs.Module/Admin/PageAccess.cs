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

/// <summary>Another permission than its page's, for one form or one file of it.</summary>
/// <param name="permission">The permission.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HandlerNeedsAttribute(string permission) : Attribute
{
    public string Permission { get; } = permission;
}

/// <summary>Lets a user see a page, or act on it, whose permission the host says he holds, and sets the headers that every page carries.</summary>
internal sealed class PageAccess : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        StatePage.Guard(http.Response);
        if (Denied(http, context.HandlerInstance.GetType(), context.HandlerMethod?.MethodInfo) is { } denial)
        {
            context.Result = denial;
            return;
        }

        if (context.HandlerMethod is null && HttpMethods.IsPost(http.Request.Method))
        {
            context.Result = new StateResult(PageState.NoSuchForm);
            return;
        }

        await next();
    }

    /// <summary>The permission without which a request is refused; <see langword="null"/> for a page that nobody may use so.</summary>
    public static string? Needed(Type page, string method, MethodInfo? handler = null) => page.GetCustomAttribute<NeedsAttribute>() is not { } needs ? null
        : handler?.GetCustomAttribute<HandlerNeedsAttribute>() is { } own ? own.Permission
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? needs.ToSee
        : needs.ToAct;

    /// <summary>For whom the ERP does not know (any more): to its page for that, or a page that says so; <see langword="null"/> for everybody else.</summary>
    public static IActionResult? NotSignedIn(HttpContext http)
    {
        var users = http.RequestServices.GetService<IErpUsers>();
        var address = users?.SignInAddress(http);
        return users?.Current(http) is not null ? null
            : address is not null && HttpMethods.IsGet(http.Request.Method) ? new LocalRedirectResult(address)
            : new StateResult(PageState.SignedOut(address));
    }

    private static IActionResult? Denied(HttpContext http, Type page, MethodInfo? handler)
    {
        if (NotSignedIn(http) is { } result)
        {
            return result;
        }

        var user = http.RequestServices.GetRequiredService<IErpUsers>().Current(http)!;
        return Needed(page, http.Request.Method, handler) is { } permission && user.Permissions.Contains(permission)
            ? null
            : new StateResult(PageState.NotAllowed(acting: !HttpMethods.IsGet(http.Request.Method)));
    }
}
