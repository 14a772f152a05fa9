using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

/// <summary>What platDataOpen answered to a test's own request, read as strictly as customs might.</summary>
internal sealed record AskedAnswer(string Code, string Message, long ServiceTime, string Body)
{
    public const string Path = "/customs/platDataOpen";

    public static ByteArrayContent Form(string body) => Content(Encoding.UTF8.GetBytes(body), "application/x-www-form-urlencoded");

    public static ByteArrayContent Content(byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    /// <summary>A form as customs send it, with white space behind it up to a length.</summary>
    public static string OpenReq(string orderNo, string sessionId, int length = 0) =>
        ("openReq=" + Uri.EscapeDataString(JsonSerializer.Serialize(new { orderNo, sessionID = sessionId, serviceTime = 1533271903898 }))).PadRight(length);

    public static async Task<AskedAnswer> SendAsync(CustomsWorld world, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await world.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json;charset=utf-8", response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        return Read(await response.Content.ReadAsStringAsync());
    }

    public static Task<AskedAnswer> PostAsync(CustomsWorld world, string body, string path = Path) => SendAsync(world, HttpMethod.Post, path, Form(body));

    public static AskedAnswer Read(string body)
    {
        Assert.Matches(new Regex("^\\{\"code\":\"[0-9]{5}\",\"message\":\"[^\"\\\\]*\",\"serviceTime\":[0-9]{13}\\}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), body);
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return new AskedAnswer(root.GetProperty("code").GetString()!, root.GetProperty("message").GetString()!, root.GetProperty("serviceTime").GetInt64(), body);
    }
}
