namespace Erp.Customs.Host.Web;

/// <summary>The language of a request: Chinese, unless the cookie <c>erp.lang</c> says <c>en</c>. Modules read the same cookie.</summary>
internal sealed class Words(IHttpContextAccessor accessor)
{
    /// <summary>The cookie, and the item of a request whose query has just chosen.</summary>
    public const string Cookie = "erp.lang";

    private const string Between = " | ";

    /// <summary>Whether the request wants English.</summary>
    public bool IsEnglish { get; } = accessor.HttpContext is { } http && string.Equals(http.Items[Cookie] as string ?? http.Request.Cookies[Cookie], "en", StringComparison.Ordinal);

    /// <summary>For the <c>lang</c> attribute.</summary>
    public string Tag => IsEnglish ? "en" : "zh-CN";

    /// <summary>One of two texts.</summary>
    public string this[string chinese, string english] => IsEnglish ? english : chinese;

    /// <summary>The right half of a module's sentence <c>中文 | English</c>; the whole where there is only one.</summary>
    public string Of(string sentence)
    {
        var cut = sentence.IndexOf(Between, StringComparison.Ordinal);
        return cut < 0 ? sentence : IsEnglish ? sentence[(cut + Between.Length)..] : sentence[..cut];
    }
}

/// <summary>Remembers the language that <c>?lang=en</c> or <c>?lang=zh-CN</c> chooses.</summary>
internal static class LanguageChoice
{
    private static readonly TimeSpan _remembered = TimeSpan.FromDays(365);

    public static void UseLanguageChoice(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Query["lang"] is [("en" or "zh-CN") and var language])
        {
            http.Items[Words.Cookie] = language;
            http.Response.Cookies.Append(Words.Cookie, language, new CookieOptions { MaxAge = _remembered, HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });
        }

        return next(http);
    });
}
