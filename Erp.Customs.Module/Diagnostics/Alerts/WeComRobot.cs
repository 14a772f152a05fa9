using System.Text.Json.Nodes;
using Erp.Customs.Module.Storage;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>企业微信群机器人 (developer.work.weixin.qq.com, document 91770): text as JSON, the key in the address. The answer is HTTP 200 with errcode and errmsg.</summary>
internal sealed class WeComRobot(AlertChannelOptions options, RestClient client, CustomsEnvironment environment) : RobotChannel(options, client)
{
    /// <summary>The longest content of a text message. 2,048 bytes.</summary>
    private const int LongestText = 2_048;

    private static readonly TimeSpan TooFast = TimeSpan.FromMinutes(1);

    /// <summary>20 messages a minute. 3 seconds.</summary>
    public override TimeSpan Pace => TimeSpan.FromSeconds(3);

    protected override (Uri Address, JsonObject Body) Compose(AlertMessage message) => (
        Options.Url!,
        new JsonObject { ["msgtype"] = "text", ["text"] = new JsonObject { ["content"] = AlertText.Whole(message, Options.English, environment, LongestText) } });

    protected override AlertReceipt Read(int status, string answer) => Answer(answer, ("errcode", "errmsg")) switch
    {
        null => NoRobot(status),
        { Code: 0 } => AlertReceipt.Taken,
        { } refused => Refused(refused.Code, refused.Words, Known(refused.Code), refused.Code == 45009 ? TooFast : TimeSpan.Zero),
    };

    private static string? Known(int code) => code switch
    {
        45009 => Words.Of("发送过快，机器人每分钟最多 20 条", "Too fast: a robot takes 20 messages a minute"),
        93000 => Words.Of("机器人地址无效或已被移出群，请核对 Url 中的 key", "The robot's address is not valid, or it was removed from its group: compare the key in Url"),
        _ => null,
    };
}
