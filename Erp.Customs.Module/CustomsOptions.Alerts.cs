using Erp.Customs.Contracts;

namespace Erp.Customs.Module;

/// <summary>Settings under <c>Customs:Alerts</c>: how people are told what only they can move.</summary>
internal sealed record AlertOptions
{
    /// <summary><c>Customs:Alerts:Channels:&lt;name&gt;</c>. The host's notifier is there without a setting.</summary>
    public IReadOnlyList<AlertChannelOptions> Channels { get; init; } = [];

    /// <summary><c>Customs:Alerts:Proxy</c>: what the robots and webhooks are reached through. The default value is none, or what the process' environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary><c>Customs:Alerts:GroupSeconds</c>: what is alike and follows within this time becomes one message. The default value is 60 seconds; 0 sends each alone.</summary>
    public TimeSpan Group { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary><c>Customs:Alerts:Channels:&lt;name&gt;</c>.</summary>
/// <param name="Name">The key; up to 64 characters.</param>
/// <param name="Kind"><c>Kind</c>.</param>
/// <param name="Level"><c>Level</c>: the least that it is told. The default value is warning.</param>
/// <param name="English"><c>Language</c> is en. The default value is zh-CN.</param>
internal sealed record AlertChannelOptions(string Name, AlertChannelKind Kind, NoticeLevel Level, bool English)
{
    /// <summary><c>Url</c>: where messages are posted to. It holds the robot's token: never shown whole. <see langword="null"/> for e-mail.</summary>
    public Uri? Url { get; init; }

    /// <summary><c>Secret</c>: signs each message; <see langword="null"/> where the robot asks for none.</summary>
    public string? Secret { get; init; }

    /// <summary>For e-mail alone.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Where it goes, for people: the host and nothing else of the address.</summary>
    public string Destination => Url?.Authority ?? $"{Mail?.Host}:{Mail?.Port}";

    /// <summary>Without token and secret.</summary>
    public override string ToString() => $"{Name} {Kind} {Destination}";
}

/// <summary><c>Kind</c> of a channel.</summary>
internal enum AlertChannelKind
{
    /// <summary>钉钉自定义机器人.</summary>
    DingTalk,

    /// <summary>企业微信群机器人.</summary>
    WeCom,

    /// <summary>飞书自定义机器人.</summary>
    Feishu,

    /// <summary>电子邮件.</summary>
    Email,

    /// <summary>Another program of the user's.</summary>
    Webhook,
}

/// <summary>Settings of an e-mail channel.</summary>
/// <param name="Host"><c>Host</c>: the SMTP server.</param>
/// <param name="Port"><c>Port</c>. The default value is 587 (STARTTLS); 465 speaks TLS from the first byte.</param>
/// <param name="NeedsTls">Without TLS nothing is said. Only loopback and the hosts in <c>Customs:PlainHttpHosts</c> may go without where the server offers none.</param>
/// <param name="User"><c>User</c>; <see langword="null"/> for a server that asks for none.</param>
/// <param name="Password"><c>Password</c>.</param>
/// <param name="From"><c>From</c>: an address.</param>
/// <param name="To"><c>To</c>: addresses, commas between; at least one, at most 20.</param>
internal sealed record MailOptions(string Host, int Port, bool NeedsTls, string? User, string? Password, string From, IReadOnlyList<string> To)
{
    /// <summary>Without user, password and addresses.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
