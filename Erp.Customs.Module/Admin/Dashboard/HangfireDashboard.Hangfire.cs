using System.Globalization;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>
/// Hangfire's dashboard over the module's own storage, for the host's users: to see takes <see cref="CustomsPermissions.View"/>, to act <see cref="CustomsPermissions.Retry"/>.
/// Hangfire checks the antiforgery token of whatever acts.
/// </summary>
internal sealed class HangfireDashboard
{
    /// <summary>
    /// As the module's other pages have it, and what Hangfire's need besides: fonts, polling, style attributes on its job page, and the one style element that its
    /// chart library makes, by its hash.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-z7zcnw/4WalZqx+PrNaRnoeLz/G9WXuFqV1WCJ129sg='; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

    private static readonly Lazy<bool> s_menu = new(AddMenu);

    private readonly JobStorage? _storage;
    private readonly RequestDelegate _dashboard;

    public HangfireDashboard(HangfireJobs jobs, RequestTitles titles, UploadsDispatcher uploads, CustomsOptions options)
    {
        _storage = jobs.Storage;
        _dashboard = _storage is null ? NotHereAsync : Build(_storage, titles, uploads, options);
        _ = HangfireJobs.IsOwnCopy && s_menu.Value;
    }

    /// <summary>Answers one request under <c>{base}/jobs</c>.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        http.Response.Headers.CacheControl = "no-store";
        var users = http.RequestServices.GetService<IErpUsers>();
        if (users?.Current(http) is not { } user)
        {
            await AskToSignInAsync(http, users);
            return;
        }

        if (!user.Permissions.Contains(CustomsPermissions.View))
        {
            await CloseAsync(http, StatusCodes.Status403Forbidden, Words.Of("没有查看权限", "You do not have the permission for this page"));
            return;
        }

        // Hangfire's commands do not look at the method everywhere.
        if (http.Request.HasFormContentType && !HttpMethods.IsPost(http.Request.Method))
        {
            await CloseAsync(http, StatusCodes.Status405MethodNotAllowed, Words.Of("只接受 POST", "POST only"));
            return;
        }

        http.RequestServices.GetRequiredService<DashboardVisitor>().User = user;
        CultureInfo.CurrentUICulture = Culture(new ScreenWords(http));
        await _dashboard(http);
    }

    private static RequestDelegate Build(JobStorage storage, RequestTitles titles, UploadsDispatcher uploads, CustomsOptions settings)
    {
        var options = new DashboardOptions
        {
            AppPath = settings.BasePath + "/admin",
            DashboardTitle = "海关上报任务",
            DisplayStorageConnectionString = false,
            DisplayNameFunc = (context, job) => Title(titles, context, job),
            Authorization = [],
            IsReadOnlyFunc = context => !Visitor(context).May(CustomsPermissions.Retry),
        };
        // Our page has routes of its own: Hangfire's are one static list, which the host may share.
        var own = new RouteCollection();
        own.Add(JobsScreen.UploadsPath, uploads);
        var hangfire = new AspNetCoreDashboardMiddleware(NotHereAsync, storage, options, DashboardRoutes.Routes, finalizeWhenNotFound: true);
        return new AspNetCoreDashboardMiddleware(hangfire.Invoke, storage, options, own).Invoke;
    }

    /// <summary>订单 X / session; never an argument's content.</summary>
    private static string Title(RequestTitles titles, DashboardContext context, Job job)
    {
        var say = new ScreenWords(context.GetHttpContext());
        return UploadStateFilter.RequestOf(job) is not { } requestId ? job.Method.Name
            : titles.Find(requestId) is var (orderNo, sessionId) ? $"{say["订单", "Order"]} {orderNo} / {sessionId}"
            : $"{say["海关请求", "Request"]} #{requestId.ToString(CultureInfo.InvariantCulture)}";
    }

    private static DashboardVisitor Visitor(DashboardContext context) => context.GetHttpContext().RequestServices.GetRequiredService<DashboardVisitor>();

    /// <summary>Hangfire's Chinese texts stand under <c>zh</c>. A host may know no cultures at all.</summary>
    private static CultureInfo Culture(ScreenWords say)
    {
        try
        {
            return CultureInfo.GetCultureInfo(say.English ? "en" : "zh");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    /// <summary>In a copy of Hangfire that is the module's alone its navigation may be added to; otherwise the host's menu leads to the page.</summary>
    private static bool AddMenu()
    {
        NavigationMenu.Items.Add(page => new MenuItem(
            new ScreenWords(page.Context.GetHttpContext())["海关上报", "Customs uploads"], page.Url.To(JobsScreen.UploadsPath))
        {
            Active = page.RequestPath.StartsWith(JobsScreen.UploadsPath, StringComparison.OrdinalIgnoreCase),
        });
        return true;
    }

    private static Task AskToSignInAsync(HttpContext http, IErpUsers? users)
    {
        if (HttpMethods.IsGet(http.Request.Method) && users?.SignInAddress(http) is { } address)
        {
            http.Response.Redirect(address);
            return Task.CompletedTask;
        }

        return CloseAsync(http, StatusCodes.Status401Unauthorized, Words.Of("请先登录 ERP", "Sign in to the ERP first"));
    }

    private static Task NotHereAsync(HttpContext http) =>
        CloseAsync(http, StatusCodes.Status404NotFound, Words.Of("此数据库上由 Quartz 驱动任务，没有任务看板", "Quartz drives the jobs on this database; it has no dashboard"));

    private static Task CloseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(sentence);
    }
}

/// <summary>Who looks at the dashboard in this request.</summary>
internal sealed class DashboardVisitor
{
    /// <summary>Set when the request was let in.</summary>
    public ErpUser? User { get; set; }

    /// <summary>Whether he holds a permission.</summary>
    public bool May(string permission) => User?.Permissions.Contains(permission) is true;
}
