using System.Reflection;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Operations;

/// <summary>
/// 操作日志: writes down every form that somebody sends, on whichever screen: who, when, what, about what, and what the person was told. Stands around <see cref="PageAccess"/>, so that
/// what was refused is written too. A form that did not come from a page of ours is no operation: antiforgery refuses it before.
/// </summary>
internal sealed class OperationLog : IAsyncPageFilter
{
    /// <summary>Characters of a subject. 200.</summary>
    private const int SubjectLimit = 200;

    /// <summary>Characters of a user's name. 256.</summary>
    private const int PersonLimit = 256;

    /// <summary>Every form of every screen, for the filter over the log: its name in the table, and its words.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = typeof(Screen).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Screen)) && !type.IsAbstract)
        .SelectMany(page => page.GetMethods().Where(method => method.GetCustomAttribute<OperationAttribute>() is not null).Select(method => (page, method)))
        .ToDictionary(one => Name(one.page, one.method), one => Title(one.page, one.method), StringComparer.Ordinal);

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        var http = context.HttpContext;
        // A form for which it is enough to be allowed to look changes nothing: a search, a choice of columns.
        if (context.HandlerMethod is { } handler && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)
            && PageAccess.Needed(context.HandlerInstance.GetType(), http.Request.Method, handler.MethodInfo) != CustomsPermissions.View
            && http.RequestServices.GetService<IErpUsers>()?.Current(http) is { } user)
        {
            var (result, sentence) = Outcome(executed, (Screen)context.HandlerInstance);
            await http.RequestServices.GetRequiredService<OperationTable>().AddAsync(new NewOperation(
                http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), Cut(user.Name, PersonLimit), Name(context.HandlerInstance.GetType(), handler.MethodInfo),
                Title(context.HandlerInstance.GetType(), handler.MethodInfo), Subject(http, handler), result, sentence));
        }
    }

    private static (OperationResult Result, string Sentence) Outcome(PageHandlerExecutedContext executed, Screen screen) => executed switch
    {
        { Exception: { } problem } => (OperationResult.Failed, Words.Of($"系统出错（{problem.GetType().Name}），详见日志", $"It threw {problem.GetType().Name}; the log tells more")),
        { Result: StateResult refused } => (executed.Canceled ? OperationResult.Refused : OperationResult.Failed, refused.State.Sentence),
        { Result: IStatusCodeActionResult { StatusCode: >= StatusCodes.Status400BadRequest and var status } } => (OperationResult.Failed, Words.Of($"未找到或不能处理（{status}）", $"Not found, or not possible ({status})")),
        _ when screen.Said is { } told => (told.Good ? OperationResult.Done : OperationResult.Failed, told.Sentence),
        _ when screen.Problem is { } problem => (OperationResult.Failed, problem),
        _ => (OperationResult.Done, ""),
    };

    private static string Subject(HttpContext http, HandlerMethodDescriptor handler)
    {
        var values = (handler.MethodInfo.GetCustomAttribute<OperationAttribute>()?.About ?? [])
            .Select(field => http.Request.RouteValues[field]?.ToString() ?? (http.Request.HasFormContentType ? http.Request.Form[field] : http.Request.Query[field]).ToString())
            .Where(value => value.Length > 0);
        return Cut(string.Join(' ', values), SubjectLimit);
    }

    private static string Name(Type page, MethodInfo handler) =>
        $"{Room(page)}/{page.Name.Replace("Model", "", StringComparison.Ordinal)}.{Verb(handler)}".TrimStart('/');

    private static string Title(Type page, MethodInfo handler)
    {
        var (zh, en) = AdminMenu.TitleOf(Room(page));
        var words = handler.GetCustomAttribute<OperationAttribute>();
        return Words.Of($"{zh}：{words?.Zh ?? Verb(handler)}", $"{en}: {words?.En ?? Verb(handler)}");
    }

    /// <summary>The folder of a page; empty for the overview.</summary>
    private static string Room(Type page) => page.Namespace![typeof(Screen).Namespace!.Length..].TrimStart('.');

    private static string Verb(MethodInfo handler) => handler.Name.Replace("OnPost", "", StringComparison.Ordinal).Replace("Async", "", StringComparison.Ordinal);

    private static string Cut(string text, int length) => (text.Length <= length ? text : text[..(length - 1)] + "…").Storable();
}
