using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Alerts;

/// <summary>A server on a socket that judges and answers as the group robots of DingTalk, WeCom and Feishu do, each at its own path, and a plain webhook.</summary>
internal sealed class Robots : IAsyncDisposable
{
    public const string DingTalkToken = "dingtalk-token-1234567890";
    public const string DingTalkSecret = "SECdingtalk-secret-0123456789";
    public const string WeComKey = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";
    public const string FeishuHook = "feishu-hook-abcdef-0123456789";
    public const string FeishuSecret = "feishu-secret-abcdef";
    public const string WebhookSecret = "webhook-secret-abcdef";

    private readonly WebApplication _app;

    private Robots(WebApplication app)
    {
        _app = app;
        app.Run(TakeAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<RobotCall> Calls { get; } = new();

    /// <summary>Answers instead of the robot, where it gives one.</summary>
    public Func<RobotCall, (int Status, string Body)?> Fault { get; set; } = _ => null;

    public string DingTalk => $"{Address}robot/send?access_token={DingTalkToken}";

    public string WeCom => $"{Address}cgi-bin/webhook/send?key={WeComKey}";

    public string Feishu => $"{Address}open-apis/bot/v2/hook/{FeishuHook}";

    public string Webhook => $"{Address}alerts";

    public static async Task<Robots> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var robots = new Robots(app);
        await app.StartAsync();
        return robots;
    }

    /// <summary>Waits until so many messages have come.</summary>
    public async Task<IReadOnlyList<RobotCall>> WaitAsync(int count)
    {
        for (var tries = 0; Calls.Count < count; tries++)
        {
            Assert.True(tries < 1000, $"{Calls.Count} messages of {count} came.");
            await Task.Delay(20);
        }

        return [.. Calls];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var call = new RobotCall(
            http.Request.Method, http.Request.Host.Value!, http.Request.Path.Value!, http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
            http.Request.ContentType ?? "", http.Request.Headers["X-Erp-Customs-Signature"].ToString(), await reader.ReadToEndAsync());
        Calls.Enqueue(call);
        var (status, body) = Fault(call) ?? Answer(call);
        http.Response.StatusCode = status;
        if (status is 302 or 307)
        {
            http.Response.Headers.Location = Address + "elsewhere";
        }

        await http.Response.WriteAsync(body);
    }

    private static (int Status, string Body) Answer(RobotCall call) => call switch
    {
        { Method: not "POST" } => (405, ""),
        { Path: "/robot/send" } => (200, DingTalkAnswer(call)),
        { Path: "/cgi-bin/webhook/send" } => (200, WeComAnswer(call)),
        { Path: "/open-apis/bot/v2/hook/" + FeishuHook } => (200, FeishuAnswer(call)),
        { Path: "/alerts" } => (call.Signature == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), Encoding.UTF8.GetBytes(call.Body))) ? 202 : 401, ""),
        _ => (404, "not found"),
    };

    private static string DingTalkAnswer(RobotCall call)
    {
        if (call.Query.GetValueOrDefault("access_token") != DingTalkToken)
        {
            return """{"errcode":300001,"errmsg":"token is not exist"}""";
        }

        var timestamp = call.Query.GetValueOrDefault("timestamp", "0");
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        if (age.Duration() > TimeSpan.FromHours(1) || call.Query.GetValueOrDefault("sign") != Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(DingTalkSecret), Encoding.UTF8.GetBytes(timestamp + "\n" + DingTalkSecret))))
        {
            return """{"errcode":310000,"errmsg":"description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;link:请参考本接口对应文档"}""";
        }

        return call.Json["msgtype"]?.GetValue<string>() == "text" && call.Json["text"]!["content"]!.GetValue<string>().Length > 0 && Encoding.UTF8.GetByteCount(call.Body) <= 20_000
            ? """{"errcode":0,"errmsg":"ok"}"""
            : """{"errcode":400105,"errmsg":"unsupported msgtype"}""";
    }

    private static string WeComAnswer(RobotCall call)
    {
        if (call.Query.GetValueOrDefault("key") != WeComKey)
        {
            return $$"""{"errcode":93000,"errmsg":"invalid webhook url, hint: [1700000000154719131], from ip: 127.0.0.1, key {{call.Query.GetValueOrDefault("key")}}"}""";
        }

        return call.Json["msgtype"]?.GetValue<string>() == "text" && Encoding.UTF8.GetByteCount(call.Json["text"]!["content"]!.GetValue<string>()) is > 0 and <= 2048
            ? """{"errcode":0,"errmsg":"ok"}"""
            : """{"errcode":40058,"errmsg":"text.content exceed max length 2048"}""";
    }

    private static string FeishuAnswer(RobotCall call)
    {
        var timestamp = call.Json["timestamp"]?.GetValue<string>() ?? "0";
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        if (age.Duration() > TimeSpan.FromHours(1) || call.Json["sign"]?.GetValue<string>() != Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(timestamp + "\n" + FeishuSecret), Array.Empty<byte>())))
        {
            return """{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}""";
        }

        return call.Json["msg_type"]?.GetValue<string>() == "post" && call.Json["content"]!["post"] is JsonObject
            ? """{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"""
            : """{"code":9499,"msg":"Bad Request","data":{}}""";
    }
}

/// <summary>A message that came.</summary>
internal sealed record RobotCall(string Method, string Host, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Signature, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>What a person reads, whichever robot it was.</summary>
    public string Text => Json["text"] switch
    {
        JsonObject text => text["content"]!.GetValue<string>(),
        JsonValue text => Json["subject"]!.GetValue<string>() + "\n" + text.GetValue<string>(),
        _ => Json["content"]!["post"]!.AsObject().Single().Value is JsonObject post
            ? post["title"]!.GetValue<string>() + "\n" + string.Join('\n', post["content"]!.AsArray().Select(line => line![0]!["text"]!.GetValue<string>()))
            : "",
    };
}
