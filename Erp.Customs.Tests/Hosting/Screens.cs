using System.Text.RegularExpressions;

namespace Erp.Customs.Tests.Hosting;

/// <summary>What a person does with the host's screens.</summary>
internal static partial class Screens
{
    public const string Password = "海关 179 notice";

    /// <summary>Reads a page's antiforgery token.</summary>
    public static async Task<string> TokenAsync(this HttpClient browser, string page)
    {
        using var response = await browser.GetAsync(page);
        var match = Token().Match(await response.Content.ReadAsStringAsync());
        Assert.True(match.Success, $"{page} holds no token");
        return match.Groups["token"].Value;
    }

    /// <summary>Posts a form with the token of a page.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(this HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = await browser.TokenAsync(page);
        return await browser.PostAsync(action, new FormUrlEncodedContent(
            [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), new("__RequestVerificationToken", token)]));
    }

    public static Task<HttpResponseMessage> SignInAsync(this HttpClient browser, string name, string password = Password, string returnUrl = "") =>
        browser.PostFormAsync("/login", "/login", ("name", name), ("password", password), ("returnUrl", returnUrl));

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
