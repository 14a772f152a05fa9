using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>What takes a message as JSON by HTTP: the group robots, and webhooks.</summary>
internal abstract class RobotChannel(AlertChannelOptions options, RestClient client) : AlertChannel
{
    /// <summary>For one message. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Of the robot's own words, as much is kept. The default value is 200 characters.</summary>
    private const int LongestAnswer = 200;

    /// <summary>Shorter parts of an address are no tokens.</summary>
    private const int ShortestToken = 8;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly IReadOnlyList<string> _hidden = [.. new[] { options.Secret ?? "" }
        .Concat(options.Url!.PathAndQuery.Split('/', '?', '&', '=')).Select(Uri.UnescapeDataString).Where(part => part.Length >= ShortestToken)];

    public override string Name => options.Name;

    public override string Kind => AlertChannels.Word(options.Kind);

    public override string Destination => options.Destination;

    public override NoticeLevel Level => options.Level;

    protected AlertChannelOptions Options => options;

    public override async Task<AlertReceipt> SendAsync(AlertMessage message)
    {
        var (address, body) = Compose(message);
        var json = body.ToJsonString(Json);
        var request = new RestRequest(address, Method.Post).AddStringBody(json, ContentType.Json);
        foreach (var (name, value) in Headers(json))
        {
            request.AddHeader(name, value);
        }

        using var limit = new CancellationTokenSource(Limit);
        var response = await client.ExecuteAsync(request, limit.Token);
        return response.StatusCode == default
            ? AlertReceipt.Failed(Words.Of($"未送达或无应答：{Outgoing.Describe(response)}", $"Not delivered, or no answer: {Outgoing.Describe(response)}"))
            : Read((int)response.StatusCode, response.Content ?? "");
    }

    /// <summary>Where it goes and what is posted.</summary>
    protected abstract (Uri Address, JsonObject Body) Compose(AlertMessage message);

    /// <summary>What is said beside the body.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Headers(string json) => [];

    /// <summary>What the answer means.</summary>
    protected abstract AlertReceipt Read(int status, string answer);

    /// <summary>For an answer that is not one of this robot's.</summary>
    protected static AlertReceipt NoRobot(int status) => AlertReceipt.Failed(Words.Of($"HTTP {status}，应答不是机器人的格式", $"HTTP {status}, and not the answer of such a robot"));

    /// <summary>A robot's answer is a number and its words; 0 is success.</summary>
    /// <param name="answer">The body.</param>
    /// <param name="names">Of number and words, each pair that it may use.</param>
    protected static (int Code, string Words)? Answer(string answer, params (string Code, string Words)[] names)
    {
        try
        {
            if (JsonNode.Parse(answer) is JsonObject read)
            {
                foreach (var (code, words) in names)
                {
                    if (read[code] is JsonValue number && number.TryGetValue<int>(out var value))
                    {
                        return (value, read[words] is JsonValue text && text.TryGetValue<string>(out var said) ? said : "");
                    }
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    /// <summary>A robot's number in words where they are known, and its own words without anything that is ours to keep.</summary>
    protected AlertReceipt Refused(int code, string said, string? known, TimeSpan rest)
    {
        var own = _hidden.Aggregate(string.Concat(said.Select(c => char.IsControl(c) ? ' ' : c)), (text, token) => text.Replace(token, "***", StringComparison.OrdinalIgnoreCase));
        own = own.Length > LongestAnswer ? own[..LongestAnswer] + "…" : own;
        var (zh, en) = known is null ? ("", "") : (Words.In(known, english: false) + "。", Words.In(known, english: true) + ". ");
        return new(Words.Of($"错误码 {code}：{zh}{own}", $"Code {code}: {en}{own}"), rest);
    }
}
