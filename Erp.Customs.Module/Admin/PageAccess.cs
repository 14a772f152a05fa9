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
        StatePage.Guard(http.Response);
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
            var address = users?.SignInAddress(http);
            return address is not null && HttpMethods.IsGet(http.Request.Method) ? new LocalRedirectResult(address) : new StateResult(PageState.SignedOut(address));
        }

        return Needed(page, http.Request.Method) is { } permission && user.Permissions.Contains(permission)
            ? null
            : new StateResult(PageState.NotAllowed(acting: !HttpMethods.IsGet(http.Request.Method)));
    }
}
