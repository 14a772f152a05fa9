using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;

namespace Erp.Customs.Tests.Alerts;

/// <summary>Each robot's own form, signature, limits and refusals, over a socket.</summary>
public class When_a_robot_is_told
{
    private static readonly string[] Secrets = [Robots.DingTalkToken, Robots.DingTalkSecret, Robots.WeComKey, Robots.FeishuHook, Robots.FeishuSecret, Robots.WebhookSecret];

    [Theory]
    [InlineData("DingTalk")]
    [InlineData("WeCom")]
    [InlineData("Feishu")]
    [InlineData("Webhook")]
    public async Task Should_be_taken_and_read_by_a_person(string kind)
    {
        await using var robots = await Robots.StartAsync();
        Assert.Equal("", (await Told.SendAsync(Channel(robots, kind))).Error);
        var call = Assert.Single(robots.Calls);
        Assert.Equal(("POST", "application/json; charset=utf-8"), (call.Method, call.ContentType));
        Assert.Contains("海关请求需人工处理：订单 SO1", call.Text, StringComparison.Ordinal);
        Assert.Contains("海关退回：20000", call.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" | ", call.Text, StringComparison.Ordinal);
        if (kind != "Webhook")
        {
            Assert.Contains("【告警】", call.Text, StringComparison.Ordinal);
            Assert.Contains("商户 ningbo\n测试环境（海关联调地址）\n2026-11-11 10:00:00", call.Text, StringComparison.Ordinal);
            Assert.EndsWith("查看 /customs/admin", call.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("DingTalk")]
    [InlineData("WeCom")]
    [InlineData("Feishu")]
    [InlineData("Webhook")]
    public async Task Should_count_what_came_together_and_speak_the_channels_language(string kind)
    {
        await using var robots = await Robots.StartAsync();
        var message = Told.Message(14, "订单 SO1 | order SO1", "一 | one", "二 | two");
        Assert.Equal("", (await Told.SendAsync(Channel(robots, kind) with { Name = "ops" }, message)).Error);
        Assert.Equal("", (await Told.SendAsync(new AlertChannelOptions("ops", Channel(robots, kind).Kind, NoticeLevel.Alarm, English: true) { Url = Channel(robots, kind).Url, Secret = Channel(robots, kind).Secret }, message)).Error);
        var (zh, en) = (robots.Calls.First().Text, robots.Calls.Last().Text);
        Assert.Contains("订单 SO1（另有同类 13 条）\n一\n二\n另有 12 条", zh, StringComparison.Ordinal);
        Assert.Contains("order SO1 (and 13 alike)\none\ntwo\nand 12 more", en, StringComparison.Ordinal);
        Assert.DoesNotContain("订单", en, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DingTalk", "wrong-secret-000", null, "错误码 310000", "Secret")]
    [InlineData("DingTalk", null, "?access_token=another-token-123", "错误码 300001", "access_token 不存在")]
    [InlineData("WeCom", null, "?key=another-key-12345678", "错误码 93000", "核对 Url 中的 key")]
    [InlineData("Feishu", "wrong-secret-000", null, "错误码 19021", "Secret 和本机时钟")]
    [InlineData("Webhook", "wrong-secret-000", null, "HTTP 401", "接收方")]
    public async Task Should_say_in_words_what_the_robot_refuses_and_repeat_no_secret(string kind, string? secret, string? query, string code, string words)
    {
        await using var robots = await Robots.StartAsync();
        var channel = Channel(robots, kind);
        channel = channel with { Secret = secret ?? channel.Secret, Url = query is null ? channel.Url : new UriBuilder(channel.Url!) { Query = query }.Uri };
        var error = (await Told.SendAsync(channel)).Error;
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Equal(2, error.Split(" | ").Length);
        Assert.All(Secrets.Append("wrong-secret-000").Append("another-token-123").Append("another-key-12345678"), one => Assert.DoesNotContain(one, error, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("DingTalk", """{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}""", 600)]
    [InlineData("WeCom", """{"errcode":45009,"errmsg":"api freq out of limit"}""", 60)]
    [InlineData("Feishu", """{"code":11232,"msg":"frequency limited psm"}""", 60)]
    public async Task Should_leave_a_robot_alone_that_is_told_too_much(string kind, string answer, int seconds)
    {
        await using var robots = await Robots.StartAsync();
        robots.Fault = _ => (200, answer);
        var receipt = await Told.SendAsync(Channel(robots, kind));
        Assert.Equal(TimeSpan.FromSeconds(seconds), receipt.Rest);
        Assert.Contains("发送过快", receipt.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DingTalk", 200, "<html>proxy</html>", "HTTP 200")]
    [InlineData("WeCom", 502, "", "HTTP 502")]
    [InlineData("Feishu", 200, "[1]", "HTTP 200")]
    [InlineData("DingTalk", 200, """{"errcode":"0"}""", "HTTP 200")]
    [InlineData("DingTalk", 200, """{"errcode":99,"errmsg":7}""", "错误码 99")]
    [InlineData("Webhook", 307, "", "HTTP 307")]
    [InlineData("Webhook", 500, "", "HTTP 500")]
    public async Task Should_not_take_anything_else_for_an_answer_and_follow_no_redirect(string kind, int status, string body, string said)
    {
        await using var robots = await Robots.StartAsync();
        robots.Fault = _ => (status, body);
        Assert.Contains(said, (await Told.SendAsync(Channel(robots, kind))).Error, StringComparison.Ordinal);
        Assert.Single(robots.Calls);
    }

    [Fact]
    public async Task Should_read_no_more_of_an_answer_than_it_may()
    {
        await using var robots = await Robots.StartAsync();
        robots.Fault = _ => (200, new string(' ', 70_000) + """{"errcode":0}""");
        Assert.Contains("Not delivered", (await Told.SendAsync(Channel(robots, "DingTalk"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_so_where_nobody_listens()
    {
        string url;
        await using (var robots = await Robots.StartAsync())
        {
            url = robots.WeCom;
        }

        Assert.Contains("ConnectionRefused", (await Told.SendAsync(Told.Channel(AlertChannelKind.WeCom, url))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_tell_nothing_to_a_server_whose_certificate_nobody_vouches_for()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var robots = await Robots.StartAsync(certificate);
        Assert.StartsWith("https://", robots.DingTalk, StringComparison.Ordinal);
        Assert.Contains("SecureConnectionError", (await Told.SendAsync(Channel(robots, "DingTalk"))).Error, StringComparison.Ordinal);
        Assert.Empty(robots.Calls);
    }

    [Fact]
    public async Task Should_go_through_the_proxy_that_is_set()
    {
        await using var proxy = await Robots.StartAsync();
        Assert.Equal("", (await Told.SendAsync(Told.Channel(AlertChannelKind.WeCom, $"http://robot.invalid/cgi-bin/webhook/send?key={Robots.WeComKey}"), proxy: proxy.Address)).Error);
        Assert.Equal("robot.invalid", Assert.Single(proxy.Calls).Host);
    }

    [Theory]
    [InlineData("DingTalk")]
    [InlineData("WeCom")]
    [InlineData("Feishu")]
    public async Task Should_keep_to_the_robots_length_and_send_strange_text_as_text(string kind)
    {
        await using var robots = await Robots.StartAsync();
        var strange = """<at user_id="all">所有人</at> **x** [a](http://b) 😀""";
        var lines = Enumerable.Range(0, 10).Select(_ => strange + new string('长', 260)).ToArray();
        Assert.Equal("", (await Told.SendAsync(Channel(robots, kind), Told.Message(40, strange, lines))).Error);
        var call = Assert.Single(robots.Calls);
        Assert.Contains(strange, call.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', call.Text);
        if (kind == "Feishu")
        {
            Assert.All(call.Json["content"]!["post"]!["zh_cn"]!["content"]!.AsArray(), line => Assert.Equal("text", line![0]!["tag"]!.GetValue<string>()));
        }
        else
        {
            Assert.EndsWith("…", call.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_tell_a_program_everything_by_name()
    {
        await using var robots = await Robots.StartAsync();
        await Told.SendAsync(Channel(robots, "Webhook"), Told.Message(2) with { LastRaisedAt = Told.At.AddSeconds(5) });
        var json = Assert.Single(robots.Calls).Json.AsObject();
        Assert.Equal(["id", "kind", "level", "environment", "merchant", "subject", "text", "count", "raisedAt", "lastRaisedAt", "path"], json.Select(member => member.Key));
        Assert.Equal((7, "request_needs_person", "alarm", "test", "ningbo", 2), (
            json["id"]!.GetValue<int>(), json["kind"]!.GetValue<string>(), json["level"]!.GetValue<string>(), json["environment"]!.GetValue<string>(), json["merchant"]!.GetValue<string>(), json["count"]!.GetValue<int>()));
        Assert.Equal("2026-11-11T10:00:05.0000000+08:00", json["lastRaisedAt"]!.GetValue<string>());
    }

    private static AlertChannelOptions Channel(Robots robots, string kind) => kind switch
    {
        "DingTalk" => Told.Channel(AlertChannelKind.DingTalk, robots.DingTalk, Robots.DingTalkSecret),
        "WeCom" => Told.Channel(AlertChannelKind.WeCom, robots.WeCom),
        "Feishu" => Told.Channel(AlertChannelKind.Feishu, robots.Feishu, Robots.FeishuSecret),
        _ => Told.Channel(AlertChannelKind.Webhook, robots.Webhook, Robots.WebhookSecret),
    };
}
