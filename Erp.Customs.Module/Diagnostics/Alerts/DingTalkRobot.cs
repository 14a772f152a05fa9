using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Module.Storage;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>
/// 钉钉自定义机器人 (open.dingtalk.com, "custom robot access"): text as JSON; where the robot asks for 加签, timestamp (ms) and
/// sign = Base64(HMAC-SHA256(key secret, text timestamp + "\n" + secret)) in the query. The answer is HTTP 200 with errcode and errmsg.
/// </summary>
internal sealed class DingTalkRobot(AlertChannelOptions options, RestClient client, CustomsEnvironment environment, TimeProvider time) : RobotChannel(options, client)
{
    /// <summary>A message may have 20,000 bytes; a chat shows less. The default value is 4,000 bytes.</summary>
    private const int LongestText = 4_000;

    /// <summary>A robot that got more than 20 messages in a minute takes none for 10 minutes.</summary>
    private static readonly TimeSpan TooFast = TimeSpan.FromMinutes(10);

    /// <summary>20 messages a minute. 3 seconds.</summary>
    public override TimeSpan Pace => TimeSpan.FromSeconds(3);

    protected override (Uri Address, JsonObject Body) Compose(AlertMessage message) => (
        Signed(),
        new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = AlertText.Whole(message, Options.English, environment, LongestText) } });

    protected override AlertReceipt Read(int status, string answer) => Answer(answer, ("errcode", "errmsg")) switch
    {
        null => NoRobot(status),
        { Code: 0 } => AlertReceipt.Taken,
        { } refused => Refused(refused.Code, refused.Words, Known(refused.Code), refused.Code is 130101 or 410100 ? TooFast : TimeSpan.Zero),
    };

    private static string? Known(int code) => code switch
    {
        130101 or 410100 => Words.Of("发送过快，机器人每分钟最多 20 条", "Too fast: a robot takes 20 messages a minute"),
        300001 or 400101 => Words.Of("access_token 不存在，请核对 Url", "There is no such access_token: compare Url"),
        310000 => Words.Of("机器人的安全设置未通过：核对 Secret（加签）、关键词或 IP 白名单，以及本机时钟", "The robot's security settings refuse it: compare Secret, key words or IP list, and this machine's clock"),
        400013 => Words.Of("群已解散", "The group is dissolved"),
        400102 => Words.Of("机器人已停用", "The robot is switched off"),
        400106 => Words.Of("机器人不存在", "There is no such robot"),
        _ => null,
    };

    private Uri Signed()
    {
        if (Options.Secret is not { } secret)
        {
            return Options.Url!;
        }

        var timestamp = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var sign = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{secret}")));
        return new UriBuilder(Options.Url!) { Query = $"{Options.Url!.Query}&timestamp={timestamp}&sign={Uri.EscapeDataString(sign)}" }.Uri;
    }
}
