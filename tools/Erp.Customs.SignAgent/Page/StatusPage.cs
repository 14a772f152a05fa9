using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Erp.Customs.Module;
using Erp.Customs.SignAgent.Working;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.SignAgent.Page;

/// <summary>How the agent stands, on a page that this machine alone can open. It changes nothing.</summary>
internal sealed class StatusPage(AgentStatus status, LocalSigner signer, TimeProvider time)
{
    private const string Style = """
        body { margin: 24px; font: 15px/1.6 "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; color: #1f2329; background: #f0f2f5; }
        main { max-width: 760px; background: #fff; border-radius: 6px; padding: 20px 24px; }
        h1 { font-size: 20px; margin: 0 0 12px; } .state { padding: 8px 14px; border-radius: 4px; margin: 0 0 16px; overflow-wrap: anywhere; }
        .green { background: #f6ffed; border: 1px solid #b7eb8f; } .yellow { background: #fff7e6; border: 1px solid #ffd591; } .red { background: #fff1f0; border: 1px solid #ffa39e; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 24px; margin: 0; } dt { color: #646a73; } dd { margin: 0; overflow-wrap: anywhere; } a { color: #0958d9; }
        """;

    private static readonly HtmlEncoder s_html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Serves it until the agent stops.</summary>
    /// <param name="port">Of the loopback address.</param>
    /// <returns>The server; to be disposed of.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task<WebApplication> StartAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return app;
    }

    private Task AnswerAsync(HttpContext http)
    {
        // Another site's name that was made to lead to this machine must not read it.
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Path != "/" || http.Request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Style))) + "'; frame-ancestors 'none'";
        return http.Response.WriteAsync(Html(english: http.Request.Query["lang"] == "en"));
    }

    private string Html(bool english)
    {
        var now = status.Now;
        string Say(string zh, string en) => english ? en : zh;
        string Of(string sentence) => Words.In(sentence, english);
        var (colour, state) = signer.ClosedWhy is { } why
            ? ("red", Say("已因 PIN 有误停用，不再尝试。请改正 PIN 后，在模块页面“签名与证书”点“重新启用”；由模块恢复后自动继续。", "Closed by a wrong PIN: none is tried. Correct the PIN, then press 重新启用 on the module's page; it goes on by itself when the module has reopened it. ") + Of(why))
            : now.Away is { } away ? ("red", Of(away))
            : now.HeardAt is null ? ("yellow", Say("正在连接模块…", "Connecting to the module…"))
            : now.LastProblem.Length > 0 ? ("yellow", Of(now.LastProblem))
            : now.CertificateProblem.Length > 0 ? ("yellow", Of(now.CertificateProblem))
            : ("green", Say("已连接，等待签名", "Connected, waiting for texts"));
        (string Name, string Value)[] facts =
        [
            (Say("代理", "Agent"), $"{now.Agent} {AgentWork.Version} ({Environment.MachineName})"),
            (Say("商户", "Merchant"), now.Merchant),
            (Say("签名方式", "Signs with"), signer.Kind),
            (Say("最近联络", "Module heard"), Time(now.HeardAt)),
            (Say("已签名", "Signed"), now.Signed.ToString("N0")),
            (Say("未签名", "Not signed"), $"{now.NotSigned:N0}"),
            (Say("签名过迟", "Signed too late"), $"{now.TooLate:N0}"),
            (Say("最近一次", "Last text"), now.LastAt is null ? "" : $"{Time(now.LastAt)} {(now.LastProblem.Length > 0 ? Of(now.LastProblem) : $"{now.LastTook.TotalMilliseconds:N0} ms")}"),
            (Say("证书编号", "certNo"), now.Certificate is { } known ? $"{known.CertNo} ({known.Scheme})" : ""),
            (Say("证书主体", "Subject"), now.Certificate?.Subject ?? ""),
            (Say("有效期至", "Valid until"), now.Certificate is { } valid ? $"{Time(valid.NotAfter)} {Say($"剩余 {(int)(valid.NotAfter - time.GetUtcNow()).TotalDays} 天", $"{(int)(valid.NotAfter - time.GetUtcNow()).TotalDays} days left")}" : ""),
        ];
        return $"""
            <!doctype html><html lang="{Say("zh-CN", "en")}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>{Say("签名代理", "Sign agent")}</title><style>{Style}</style></head>
            <body><main><h1>{Say("签名代理", "Sign agent")}</h1><p class="state {colour}" role="status">{s_html.Encode(state)}</p>
            <dl>{string.Concat(facts.Select(fact => $"<dt>{fact.Name}</dt><dd>{s_html.Encode(fact.Value)}</dd>"))}</dl>
            <p><a href="?lang=zh-CN">中文</a> <a href="?lang=en">English</a></p></main></body></html>
            """;
    }

    private static string Time(DateTimeOffset? at) => at is { } time ? ChinaTime.ToScreen(time) : "";
}
