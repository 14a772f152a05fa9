using Erp.Customs.Contracts;
using Microsoft.Extensions.Configuration;
using MimeKit;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>The settings of alerts. Addresses of robots hold tokens: no sentence repeats one.</summary>
internal sealed partial class CustomsOptionsReader
{
    private const int MailReceivers = 20;

    private AlertOptions Alerts(IReadOnlySet<string> plainHttpHosts) => new()
    {
        Channels = [.. configuration.GetSection("Customs:Alerts:Channels").GetChildren().Select(child => AlertChannel(child.Key, plainHttpHosts))],
        Proxy = AlertProxy(),
        Group = Seconds("Customs:Alerts:GroupSeconds", defaultSeconds: 60, least: 0, most: 3600),
    };

    private Uri? AlertProxy()
    {
        const string key = "Customs:Alerts:Proxy";
        return configuration[key] is not { Length: > 0 } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.PathAndQuery == "/" ? url
            : throw Invalid(key, "不含用户名和口令的代理地址，如 http://proxy.intern:3128", "a proxy's address without user and password, such as http://proxy.intern:3128");
    }

    private AlertChannelOptions AlertChannel(string name, IReadOnlySet<string> plainHttpHosts)
    {
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name is "host" or "log")
        {
            throw Wrong(
                "Customs:Alerts:Channels", name,
                "至多 64 个字母、数字、'-'、'_'、'.' 的名称；'host' 和 'log' 已占用", "names of up to 64 letters, digits, '-', '_' and '.'; 'host' and 'log' are taken");
        }

        var key = $"Customs:Alerts:Channels:{name}";
        var kind = AlertKind($"{key}:Kind");
        var level = OneOf($"{key}:Level", ["information", "warning", "alarm"], "warning") switch
        {
            "information" => NoticeLevel.Information,
            "alarm" => NoticeLevel.Alarm,
            _ => NoticeLevel.Warning,
        };
        return new(name, kind, level, OneOf($"{key}:Language", ["zh-CN", "en"], "zh-CN") == "en")
        {
            Url = kind == AlertChannelKind.Email ? null : AlertUrl($"{key}:Url", kind, plainHttpHosts),
            Secret = AlertSecret($"{key}:Secret", kind),
            Mail = kind == AlertChannelKind.Email ? Mail(key, plainHttpHosts) : null,
        };
    }

    private AlertChannelKind AlertKind(string key) => OneOf(key, ["dingtalk", "wecom", "feishu", "email", "webhook"]) switch
    {
        "dingtalk" => AlertChannelKind.DingTalk,
        "wecom" => AlertChannelKind.WeCom,
        "feishu" => AlertChannelKind.Feishu,
        "email" => AlertChannelKind.Email,
        _ => AlertChannelKind.Webhook,
    };

    private Uri AlertUrl(string key, AlertChannelKind kind, IReadOnlySet<string> plainHttpHosts)
    {
        var (zh, en, token) = kind switch
        {
            AlertChannelKind.DingTalk => ("钉钉机器人的 Webhook 地址，形如 https://oapi.dingtalk.com/robot/send?access_token=…", "the webhook of a DingTalk robot, as https://oapi.dingtalk.com/robot/send?access_token=…", "access_token="),
            AlertChannelKind.WeCom => ("企业微信机器人的 Webhook 地址，形如 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", "the webhook of a WeCom robot, as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", "key="),
            AlertChannelKind.Feishu => ("飞书机器人的 Webhook 地址，形如 https://open.feishu.cn/open-apis/bot/v2/hook/…", "the webhook of a Feishu robot, as https://open.feishu.cn/open-apis/bot/v2/hook/…", "/hook/"),
            _ => ("接收告警的 https 地址", "the https address that takes alerts", ""),
        };
        if (Secret(key) is not { Length: > 0 } text)
        {
            throw Missing(key, zh, en);
        }

        var url = Address(key, text, plainHttpHosts, $"：{zh}", $": {en}");
        return url.PathAndQuery.Contains(token, StringComparison.Ordinal) ? url : throw Invalid(key, zh, en);
    }

    private string? AlertSecret(string key, AlertChannelKind kind) => Secret(key) switch
    {
        { Length: > 0 } secret when kind is AlertChannelKind.DingTalk or AlertChannelKind.Feishu or AlertChannelKind.Webhook => secret,
        { Length: > 0 } => throw Invalid(key, "空：此类通道不签名（企业微信的密钥在 Url 中，邮箱口令在 Password 中）", "nothing: this kind signs no message (WeCom's key stands in Url, a mailbox' password in Password)"),
        _ when kind == AlertChannelKind.Webhook => throw Missing(key, "签名用的密钥（接收方以它验证 HMAC-SHA256）", "the secret that signs each message by HMAC-SHA256"),
        _ => null,
    };

    private MailOptions Mail(string key, IReadOnlySet<string> plainHttpHosts)
    {
        var host = Required($"{key}:Host", "SMTP 服务器的主机名", "the SMTP server's host name");
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw Wrong($"{key}:Host", host, "主机名，如 smtp.exmail.qq.com（端口填在 Port）", "a host name such as smtp.exmail.qq.com; the port stands in Port");
        }

        var user = configuration[$"{key}:User"] is { Length: > 0 } name ? name : null;
        var password = Secret($"{key}:Password") is { Length: > 0 } word ? word : null;
        if (user is not null && password is null)
        {
            throw Missing($"{key}:Password", "User 的口令或授权码（可放在宿主的机密存储中）", "the password of User, which may stand in the host's secret store");
        }

        const string zh = "邮箱地址，如 alerts@example.cn";
        const string en = "a mail address such as alerts@example.cn";
        var to = Required($"{key}:To", $"{zh}，多个以逗号分隔", $"{en}, several with commas between").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (to.Length is 0 or > MailReceivers || !Array.TrueForAll(to, IsMailAddress))
        {
            throw Invalid($"{key}:To", $"1 至 {MailReceivers} 个{zh}，以逗号分隔", $"1 to {MailReceivers} addresses with commas between, each {en}");
        }

        var from = Required($"{key}:From", zh, en);
        return new MailOptions(
            host,
            Whole($"{key}:Port", defaultValue: 587, least: 1, most: 65_535),
            NeedsTls: !IsLoopback(host) && !plainHttpHosts.Contains(host),
            user,
            password,
            IsMailAddress(from) ? from : throw Invalid($"{key}:From", zh, en),
            to);
    }

    private static bool IsMailAddress(string text) => MailboxAddress.TryParse(text, out var address) && address.Address == text && address.Domain.Length > 0;

    private string OneOf(string key, string[] allowed, string defaultValue) => configuration[key] is { Length: > 0 } ? OneOf(key, allowed) : defaultValue;
}
