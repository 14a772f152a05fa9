using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>Every channel: those of the settings, the host's notifier, the log for what none of them takes.</summary>
internal sealed class AlertChannels : IDisposable
{
    /// <summary>Largest answer that is read. The default value is 64 KiB.</summary>
    private const int ReplyLimit = 64 * 1024;

    private readonly HttpClient _http;
    private readonly RestClient _client;
    private readonly LogChannel _log;

    public AlertChannels(CustomsOptions options, TimeProvider time, ILogger<AlertChannels> logger, INotifier? notifier = null)
    {
        _http = Outgoing.NewHttpClient(ReplyLimit, options.Alerts.Proxy, traced: false);
        _client = Outgoing.NewRestClient(_http);
        _log = new LogChannel(logger);
        List<AlertChannel> channels = [.. options.Alerts.Channels.Select(channel => Make(channel, options.Environment, time))];
        if (notifier is not null)
        {
            channels.Add(new HostChannel(notifier));
        }

        ForPeople = channels;
        All = [.. channels, _log];
    }

    /// <summary>Those that reach a person by themselves.</summary>
    public IReadOnlyList<AlertChannel> ForPeople { get; }

    /// <summary>With the log.</summary>
    public IReadOnlyList<AlertChannel> All { get; }

    /// <summary>The names of those that are told of a level; the log's where there is no other.</summary>
    public IReadOnlyList<string> Taking(NoticeLevel level) => ForPeople.Where(channel => channel.Level <= level).Select(channel => channel.Name).ToList() is { Count: > 0 } names ? names : [_log.Name];

    /// <summary>By its name; <see langword="null"/> when the settings have it no more.</summary>
    public AlertChannel? Find(string name) => All.FirstOrDefault(channel => channel.Name == name);

    /// <summary>A kind as the settings spell it.</summary>
    public static string Word(AlertChannelKind kind) => kind.ToString().ToLowerInvariant();

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private AlertChannel Make(AlertChannelOptions channel, CustomsEnvironment environment, TimeProvider time) => channel.Kind switch
    {
        AlertChannelKind.DingTalk => new DingTalkRobot(channel, _client, environment, time),
        AlertChannelKind.WeCom => new WeComRobot(channel, _client, environment),
        AlertChannelKind.Feishu => new FeishuRobot(channel, _client, environment, time),
        AlertChannelKind.Email => new MailChannel(channel, environment, time),
        _ => new WebhookChannel(channel, _client, environment),
    };
}
