using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace Erp.Customs.Simulator.Pages;

/// <summary>HTML out of interpolated strings: every value is encoded, Chinese stays readable.</summary>
internal static class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>A piece of HTML; only values that are HTML themselves stand in it as they are.</summary>
    public static IHtmlContent Of(FormattableString html) => new HtmlFormattableString(html.Format, html.GetArguments());

    /// <summary>Pieces one after the other.</summary>
    public static IHtmlContent Join<T>(IEnumerable<T> items, Func<T, FormattableString> html)
    {
        var all = new HtmlContentBuilder();
        foreach (var item in items)
        {
            all.AppendHtml(Of(html(item)));
        }

        return all;
    }

    /// <summary>Answers a page that may load nothing but its style sheet.</summary>
    public static async Task AnswerAsync(HttpContext http, IHtmlContent page)
    {
        http.Response.ContentType = "text/html;charset=UTF-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        using var text = new StringWriter();
        page.WriteTo(text, Encoder);
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }
}
