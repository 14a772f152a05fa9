using System.Net;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Admin;

/// <summary>A user of the module's screens over HTTP: keeps cookies, sends forms with the token of the page that he looks at.</summary>
internal sealed partial class ScreenUser : IDisposable
{
    public const string View = "customs.view";
    public const string Act = "customs.view customs.retry";

    private readonly HttpClient _http;

    public ScreenUser(CustomsWorld world, string permissions, string name = "王五")
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = world.Http.BaseAddress };
        _http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderUsers.Permissions, permissions);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderUsers.Name, Uri.EscapeDataString(name));
    }

    /// <summary>A world whose users are who their requests say they are.</summary>
    public static Task<CustomsWorld> WorldAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null) =>
        CustomsWorld.StartAsync(settings, all =>
        {
            all.AddSingleton<IErpUsers>(new HeaderUsers());
            services?.Invoke(all);
        });

    /// <summary>The host gives him other permissions.</summary>
    public void Become(string permissions)
    {
        _http.DefaultRequestHeaders.Remove(HeaderUsers.Permissions);
        _http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderUsers.Permissions, permissions);
    }

    /// <summary>His session in the host ends.</summary>
    public void SignOut() => _http.DefaultRequestHeaders.Remove(HeaderUsers.Name);

    /// <summary>What a form hands out.</summary>
    public async Task<(string Name, byte[] Content)> DownloadAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(action, await TokenAsync(page), fields);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{action}: {answer.StatusCode} {answer.Headers.Location}");
        return (answer.Content.Headers.ContentDisposition!.FileNameStar ?? answer.Content.Headers.ContentDisposition.FileName!, await answer.Content.ReadAsByteArrayAsync());
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>A page's HTML.</summary>
    public async Task<string> RawAsync(string path)
    {
        using var answer = await GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {answer.Headers.Location}\n{text}");
        return text;
    }

    /// <summary>A page as it reads.</summary>
    public async Task<string> TextAsync(string path) => WebUtility.HtmlDecode(await RawAsync(path));

    /// <summary>The token of a page's forms.</summary>
    public async Task<string> TokenAsync(string page) => Token().Match(await RawAsync(page)).Groups["token"].Value;

    /// <summary>Sends a form of a page and reads the page that follows.</summary>
    public async Task<string> SendAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(action, await TokenAsync(page), fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{action}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await TextAsync(answer.Headers.Location!.OriginalString);
    }

    public Task<HttpResponseMessage> PostAsync(string action, string? token, params (string Name, string Value)[] fields) => _http.PostAsync(
        new Uri(action, UriKind.Relative),
        new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), .. token is null ? [] : new[] { KeyValuePair.Create("__RequestVerificationToken", token) }]));

    /// <summary>Sends a form with a file.</summary>
    public async Task<HttpResponseMessage> UploadAsync(string action, string? token, string fileName, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", fileName } };
        if (token is not null)
        {
            form.Add(new StringContent(token), "__RequestVerificationToken");
        }

        return await _http.PostAsync(new Uri(action, UriKind.Relative), form);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
