using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module;

/// <summary>
/// Shows a <see cref="PageState"/> instead of a screen, in the visitor's language. Written here and not by Razor, since it must also stand when the module does not run; it links the same style sheet.
/// </summary>
internal static class StatePage
{
    private const string Style = "/assets/customs.css";

    private static readonly HtmlEncoder s_html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Whether somebody asks for a screen; everything else under the base path is for programs.</summary>
    public static bool IsWanted(HttpContext http) => http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the style sheet is asked for.</summary>
    public static bool IsStyle(HttpContext http) => http.Request.Path.Equals(Style, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets the headers that every page carries.</summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
        // As antiforgery writes them too.
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
    }

    /// <summary>Answers with the page.</summary>
    public static Task WriteAsync(HttpContext http, PageState state)
    {
        Guard(http.Response);
        http.Response.StatusCode = state.Status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Html(http, state));
    }

    /// <summary>Answers with the style sheet, for the page of a module that does not run.</summary>
    public static async Task WriteStyleAsync(HttpContext http)
    {
        http.Response.ContentType = "text/css; charset=utf-8";
        await using var style = typeof(StatePage).Assembly.GetManifestResourceStream("customs.css")!;
        await style.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static string Html(HttpContext http, PageState state)
    {
        var english = Words.English(http);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{(english ? "en" : "zh-CN")}">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              {(state.AskAgain is { } seconds ? $"<meta http-equiv=\"refresh\" content=\"{seconds}\">" : "")}
              <title>{Text(state.Title)} - {Text(Words.Of("海关支付数据", "Payment data for customs"))}</title>
              <link rel="icon" href="{Encoded(http.Request.PathBase + "/assets/customs.svg")}" type="image/svg+xml">
              <link rel="stylesheet" href="{Encoded(http.Request.PathBase + Style)}">
            </head>
            <body class="state">
              <main>
                <section class="card" data-state="{state.Status}">
                  <p class="brand">{Text(Words.Of("海关支付数据", "Payment data for customs"))}</p>
                  <h1>{Text(state.Title)}</h1>
                  <p role="alert">{Text(state.Sentence)}</p>
                  <p class="quiet">{Text(state.Next)}</p>
                  <p class="bar">

            """);
        if (state.Button is { } button)
        {
            page.Append(CultureInfo.InvariantCulture, $"""<a class="button primary" href="{Encoded(state.Address ?? http.Request.PathBase + "/admin")}">{Text(button)}</a>""");
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            <a class="button" href="/">{Text(Words.Of("返回 ERP", "Back to the ERP"))}</a>
                  </p>
                </section>
              </main>
            </body>
            </html>

            """);
        return page.ToString();

        string Text(string sentence) => Encoded(Words.In(sentence, english));
    }

    private static string Encoded(string text) => s_html.Encode(text);
}

/// <summary>A page's answer where it is not shown.</summary>
/// <param name="state">Why.</param>
internal sealed class StateResult(PageState state) : IActionResult
{
    /// <summary>Why.</summary>
    public PageState State => state;

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context) => StatePage.WriteAsync(context.HttpContext, state);
}
