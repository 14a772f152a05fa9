using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Microsoft.Extensions.Configuration;

namespace Erp.Customs.Tests.Alerts;

public class When_a_setting_of_alerts_is_wrong
{
    private const string Canary = "canary-of-a-token-0123456789";

    private static readonly Dictionary<string, string?> Least = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Customs:Upload:Url"] = CustomsOptionsReader.TestUrl,
        ["Customs:Merchants:ningbo:EbpCode"] = "3302660075",
        ["Customs:Merchants:ningbo:Signing:Kind"] = "KeyFile",
        ["Customs:Merchants:ningbo:Signing:KeyFile"] = "/keys/ningbo.pfx",
        ["Customs:Alerts:Channels:ding:Kind"] = "dingtalk",
        ["Customs:Alerts:Channels:ding:Url"] = $"https://oapi.dingtalk.com/robot/send?access_token={Canary}",
        ["Customs:Alerts:Channels:mail:Kind"] = "email",
        ["Customs:Alerts:Channels:mail:Host"] = "smtp.example.cn",
        ["Customs:Alerts:Channels:mail:User"] = "alerts@example.cn",
        ["Customs:Alerts:Channels:mail:Password"] = Canary,
        ["Customs:Alerts:Channels:mail:From"] = "alerts@example.cn",
        ["Customs:Alerts:Channels:mail:To"] = "a@example.cn, b@example.cn",
    };

    public static TheoryData<string, string?, string> Wrong => new()
    {
        { "Customs:Alerts:Channels:ding:Kind", null, "dingtalk, wecom, feishu, email, webhook" },
        { "Customs:Alerts:Channels:ding:Kind", "DingTalk", "dingtalk, wecom, feishu, email, webhook" },
        { "Customs:Alerts:Channels:ding:Url", null, "the webhook of a DingTalk robot" },
        { "Customs:Alerts:Channels:ding:Url", $"https://oapi.dingtalk.com/robot/send?token={Canary}", "access_token=…" },
        { "Customs:Alerts:Channels:ding:Url", $"http://oapi.dingtalk.com/robot/send?access_token={Canary}", "Customs:PlainHttpHosts" },
        { "Customs:Alerts:Channels:ding:Url", $"https://u:{Canary}@oapi.dingtalk.com/robot/send?access_token=x", "without user and password" },
        { "Customs:Alerts:Channels:ding:Level", "error", "information, warning, alarm" },
        { "Customs:Alerts:Channels:ding:Language", "zh", "zh-CN, en" },
        { "Customs:Alerts:Channels:mail:Secret", Canary, "signs no message" },
        { "Customs:Alerts:Channels:mail:Host", null, "the SMTP server's host name" },
        { "Customs:Alerts:Channels:mail:Host", "smtp.example.cn:465", "the port stands in Port" },
        { "Customs:Alerts:Channels:mail:Port", "0", "from 1 to 65535" },
        { "Customs:Alerts:Channels:mail:Password", null, "the password of User" },
        { "Customs:Alerts:Channels:mail:From", null, "a mail address" },
        { "Customs:Alerts:Channels:mail:From", "alerts", "a mail address" },
        { "Customs:Alerts:Channels:mail:To", "a@example.cn; b", "1 to 20 addresses" },
        { "Customs:Alerts:Channels:mail:To", null, "several with commas between" },
        { "Customs:Alerts:Proxy", $"http://u:{Canary}@proxy:3128", "without user and password" },
        { "Customs:Alerts:Proxy", "proxy:3128", "http://proxy.intern:3128" },
        { "Customs:Alerts:GroupSeconds", "-1", "from 0 to 3600" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Should_say_in_one_sentence_which_is_wrong_and_what_it_takes(string setting, string? value, string allowed)
    {
        var sentence = Refused((setting, value));
        Assert.All(sentence.Split(" | "), half => Assert.Contains(setting, half, StringComparison.Ordinal));
        Assert.Equal(2, sentence.Split(" | ").Length);
        Assert.Contains(allowed, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("log")]
    [InlineData("运维")]
    public void Should_refuse_a_name_that_is_taken_or_cannot_be_shown(string name) =>
        Assert.Contains($"Customs:Alerts:Channels is '{name}'", Refused(($"Customs:Alerts:Channels:{name}:Kind", "wecom")), StringComparison.Ordinal);

    [Fact]
    public void Should_ask_a_webhook_for_its_secret() => Assert.Contains(
        "Customs:Alerts:Channels:hook:Secret is missing", Refused(("Customs:Alerts:Channels:hook:Kind", "webhook"), ("Customs:Alerts:Channels:hook:Url", "https://example.cn/alerts")), StringComparison.Ordinal);

    [Fact]
    public void Should_be_read_as_it_is_set_and_show_no_token()
    {
        var alerts = Read(("Customs:Alerts:Proxy", "http://proxy.intern:3128"), ("Customs:Alerts:Channels:mail:Level", "alarm"), ("Customs:Alerts:Channels:mail:Language", "en")).Alerts;
        Assert.Equal((new Uri("http://proxy.intern:3128"), TimeSpan.FromSeconds(60)), (alerts.Proxy, alerts.Group));
        var (ding, mail) = (alerts.Channels[0], alerts.Channels[1]);
        Assert.Equal((AlertChannelKind.DingTalk, NoticeLevel.Warning, false, "oapi.dingtalk.com"), (ding.Kind, ding.Level, ding.English, ding.Destination));
        Assert.Equal((AlertChannelKind.Email, NoticeLevel.Alarm, true, "smtp.example.cn:587"), (mail.Kind, mail.Level, mail.English, mail.Destination));
        Assert.True(mail.Mail!.NeedsTls);
        Assert.Equal(["a@example.cn", "b@example.cn"], mail.Mail.To);
        Assert.DoesNotContain(Canary, $"{ding} {mail} {mail.Mail} {alerts}", StringComparison.Ordinal);
    }

    private static string Refused(params (string Name, string? Value)[] changes) => Assert.Throws<ModuleConfigurationException>(() => Read(changes)).Message;

    private static CustomsOptions Read(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Least, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
            if (value is null)
            {
                settings.Remove(name);
            }
        }

        return new CustomsOptionsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), secrets: null).Read();
    }
}
