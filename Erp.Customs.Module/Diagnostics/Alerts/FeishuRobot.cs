using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Module.Storage;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>
/// 飞书自定义机器人 (open.feishu.cn, "add custom bot"): rich text as JSON, whose text elements are shown as they are; where the robot asks for 签名校验, timestamp (s) and
/// sign = Base64(HMAC-SHA256(key timestamp + "\n" + secret, of nothing)) in the body. The answer has code and msg, or StatusCode and StatusMessage.
/// </summary>
internal sealed class FeishuRobot(AlertChannelOptions options, RestClient client, CustomsEnvironment environment, TimeProvider time) : RobotChannel(options, client)
{
    private static readonly TimeSpan TooFast = TimeSpan.FromMinutes(1);

    /// <summary>5 messages a second and 100 a minute. 1 second.</summary>
    public override TimeSpan Pace => TimeSpan.FromSeconds(1);

    protected override (Uri Address, JsonObject Body) Compose(AlertMessage message)
    {
        var english = Options.English;
        var lines = $"{AlertText.Body(message, english)}\n{AlertText.Foot(message, english, environment)}".Split('\n');
        var body = new JsonObject
        {
            ["msg_type"] = "post",
            ["content"] = new JsonObject
            {
                ["post"] = new JsonObject
                {
                    [english ? "en_us" : "zh_cn"] = new JsonObject
                    {
                        ["title"] = $"{(english ? $"[{AlertText.Level(message.Level, english)}] " : $"【{AlertText.Level(message.Level, english)}】")}{AlertText.Subject(message, english)}",
                        ["content"] = new JsonArray([.. lines.Select(line => new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = line }))]),
                    },
                },
            },
        };
        if (Options.Secret is { } secret)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            body["timestamp"] = timestamp;
            body["sign"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{timestamp}\n{secret}"), Array.Empty<byte>()));
        }

        return (Options.Url!, body);
    }

    protected override AlertReceipt Read(int status, string answer) => Answer(answer, ("code", "msg"), ("StatusCode", "StatusMessage")) switch
    {
        null => NoRobot(status),
        { Code: 0 } => AlertReceipt.Taken,
        { } refused => Refused(refused.Code, refused.Words, Known(refused.Code), refused.Code == 11232 ? TooFast : TimeSpan.Zero),
    };

    private static string? Known(int code) => code switch
    {
        11232 => Words.Of("发送过快，机器人每分钟最多 100 条", "Too fast: a robot takes 100 messages a minute"),
        19001 => Words.Of("机器人地址无效，请核对 Url", "The robot's address is not valid: compare Url"),
        19021 => Words.Of("签名校验未通过：核对 Secret 和本机时钟", "The sign does not match: compare Secret and this machine's clock"),
        19022 => Words.Of("本机 IP 不在机器人的白名单中", "This machine's IP is not in the robot's list"),
        19024 => Words.Of("机器人要求的关键词不在消息中", "The message has none of the robot's key words"),
        _ => null,
    };
}
