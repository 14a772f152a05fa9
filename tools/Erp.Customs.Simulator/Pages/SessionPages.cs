using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http.Features;

namespace Erp.Customs.Simulator.Pages;

/// <summary>The simulator's screens: the table of sessions with the forms, and one session with its payloads.</summary>
internal sealed class SessionPages(CustomsServer customs)
{
    private const int PageSize = 100;
    private const string SessionPath = "/sessions/";

    /// <summary>Stands in the place of a sessionID that could not be read.</summary>
    private const string Unreadable = "_unreadable";

    private static readonly TimeSpan ChinaTime = TimeSpan.FromHours(8);

    /// <summary>Adds the screens.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", ListAsync);
        app.MapGet(SessionPath + "{**id}", SessionAsync);
        app.MapGet("/page.css", StyleAsync);
    }

    private static async Task StyleAsync(HttpContext http)
    {
        http.Response.ContentType = "text/css;charset=UTF-8";
        await using var css = typeof(SessionPages).Assembly.GetManifestResourceStream("page.css")!;
        await css.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private Task ListAsync(HttpContext http)
    {
        var all = customs.Log.Sessions;
        var pages = Math.Max(1, (all.Count + PageSize - 1) / PageSize);
        var page = int.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, pages) : 1;
        return Html.AnswerAsync(http, Page("会话 Sessions", Html.Of($"""
            <section>
            <h2>会话 <small>Sessions</small> <small>共{all.Count}个，已受理{all.Count(session => session.AcceptedCount > 0)}个 · page {page}/{pages}</small></h2>
            <table>
            <thead><tr><th>时间 <small>Time</small></th><th>sessionID</th><th>订单编号 <small>Order</small></th><th>ebpCode</th><th>certNo</th><th>结论 <small>Verdict</small></th>
            <th>代码 <small>Code</small></th><th>信息 <small>Message</small></th><th>次数 <small>Attempts</small></th><th>报文SHA-256</th></tr></thead>
            <tbody>{Html.Join(all.Skip((page - 1) * PageSize).Take(PageSize), Row)}</tbody>
            </table>
            {Html.Join(Neighbours(page, pages), one => $"<a href=\"/?page={one}\">第{one}页</a> ")}
            </section>
            {Forms.Faults(customs.Faults.Pending)}
            {Forms.Ask()}
            <section>
            <h2>已注册证书 <small>Registered certificates</small></h2>
            <table><thead><tr><th>certNo</th><th>ebpCode</th><th>算法 <small>Scheme</small></th></tr></thead>
            <tbody>{Html.Join(customs.Register.Certificates, one => $"<tr><td class=\"mono\">{one.CertNo}</td><td class=\"mono\">{one.EbpCode}</td><td>{one.Scheme}</td></tr>")}</tbody></table>
            <p class="dim">上传地址 Upload address <code>{customs.UploadAddress}</code></p>
            </section>
            """)));
    }

    private Task SessionAsync(HttpContext http)
    {
        // From the target as it was sent: routing would take %2F for two different things.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var id = Uri.UnescapeDataString(target.Split('?')[0][SessionPath.Length..]);
        if (customs.Log.FindSession(string.Equals(id, Unreadable, StringComparison.Ordinal) ? "" : id) is not { } session)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Html.AnswerAsync(http, Page("没有 Not found", Html.Of($"<section><h2>没有这个会话 <small>There is no such session</small></h2></section>")));
        }

        return Html.AnswerAsync(http, Page(Name(session), Html.Of($"""
            <section>
            <h2>会话 <small>Session</small> <span class="mono">{Name(session)}</span></h2>
            <p>订单编号 Order <span class="mono">{session.OrderNo ?? "—"}</span> · 询问 Asked {session.Asks} · 上传 Uploads {session.Uploads.Count}</p>
            </section>
            {Html.Join(session.Answers, answer => $"""
                <section><h2>企业应答 <small>Answer of platDataOpen</small></h2>
                <p>HTTP {answer.HttpStatus} · {answer.ElapsedMs:0.0} ms · {answer.Problem ?? "格式正确 well-formed"}</p><pre>{answer.Body}</pre></section>
                """)}
            {Html.Join(session.Uploads.Reverse(), upload => Upload(customs.Log.Read(upload)))}
            """)));
    }

    private static FormattableString Upload(UploadLine upload) => $"""
        <section>
        <h2>上传 <small>Upload</small> {Time(upload.ReceivedAt)} <span class="{Css(upload)}">{Verdict(upload)}</span> {upload.Code} {upload.Message}</h2>
        <p>ebpCode <code>{upload.EbpCode ?? "—"}</code> · certNo <code>{upload.CertNo ?? "—"}</code> · 故障 Fault {upload.Fault ?? "—"} · {string.Join("；", upload.Remarks)}</p>
        <p>SHA-256 <code>{upload.PayloadSha256}</code></p>
        <pre>{upload.PayExInfoStr ?? upload.Body}</pre>
        </section>
        """;

    private static FormattableString Row(CustomsSession session)
    {
        var last = session.Uploads.Find(upload => upload.Verdict is UploadVerdict.Accepted) ?? (session.Uploads.IsEmpty ? null : session.Uploads[^1]);
        return $"""
            <tr><td>{Time(session.StartedAt)}</td><td class="mono"><a href="{SessionPath + Uri.EscapeDataString(Name(session))}">{Name(session)}</a></td>
            <td class="mono">{session.OrderNo ?? (last?.OrderNos is [var first, ..] ? first : "—")}</td><td class="mono">{last?.EbpCode ?? "—"}</td><td class="mono">{last?.CertNo ?? "—"}</td>
            <td class="{Css(last)}">{Verdict(last)}</td><td>{last?.Code}</td><td class="text">{last?.Message}</td><td>{session.Uploads.Count}</td>
            <td class="mono">{last?.PayloadSha256[..12]}</td></tr>
            """;
    }

    private static string Name(CustomsSession session) => session.SessionId.Length > 0 ? session.SessionId : Unreadable;

    private static IEnumerable<int> Neighbours(int page, int pages) => new[] { page - 1, page + 1 }.Where(one => one >= 1 && one <= pages);

    private static string Css(UploadLine? upload) => upload?.Verdict.ToString().ToLowerInvariant() ?? "waiting";

    private static string Verdict(UploadLine? upload) => upload?.Verdict switch
    {
        UploadVerdict.Accepted => "已受理 accepted",
        UploadVerdict.Refused => "被退回 refused",
        UploadVerdict.NotJudged => "未审 not judged",
        _ => "等待上传 waiting",
    };

    private static string Time(DateTimeOffset at) => at.ToOffset(ChinaTime).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static IHtmlContent Page(string title, IHtmlContent content) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="zh-CN"><head><meta charset="utf-8"><title>{title} · 海关模拟器</title><link rel="stylesheet" href="/page.css"></head>
        <body><header><h1><a href="/">海关模拟器 <small>Customs simulator</small></a></h1></header><main>
        {content}
        </main></body></html>
        """);
}
