using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Alerts;

/// <summary>One channel alone and messages for it.</summary>
internal static class Told
{
    public static readonly DateTimeOffset At = new(2026, 11, 11, 2, 0, 0, TimeSpan.Zero);

    /// <summary>Sends a message through a channel with these settings.</summary>
    public static async Task<AlertReceipt> SendAsync(AlertChannelOptions channel, AlertMessage? message = null, Uri? proxy = null, INotifier? notifier = null)
    {
        var options = new CustomsOptions
        {
            UploadUrl = new Uri(CustomsOptionsReader.TestUrl),
            Environment = CustomsEnvironment.Test,
            Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal),
            Alerts = new AlertOptions { Channels = [channel], Proxy = proxy },
        };
        using var channels = new AlertChannels(options, TimeProvider.System, NullLogger<AlertChannels>.Instance, notifier);
        return await channels.Find(channel.Name)!.SendAsync(message ?? Message());
    }

    public static AlertChannelOptions Channel(AlertChannelKind kind, string url, string? secret = null, bool english = false) =>
        new("ops", kind, NoticeLevel.Warning, english) { Url = new Uri(url), Secret = secret };

    public static AlertMessage Message(int alerts = 1, string subject = "海关请求需人工处理：订单 SO1 | A request of customs needs a person: order SO1", params string[] lines) => new()
    {
        Id = 7,
        Channel = "ops",
        Kind = AlertKind.RequestNeedsPerson,
        Merchant = "ningbo",
        Level = NoticeLevel.Alarm,
        Subject = subject,
        Lines = lines.Length == 0 ? ["海关退回：20000 | Customs refused: 20000"] : lines,
        Path = "/customs/admin",
        Alerts = alerts,
        RaisedAt = At,
        LastRaisedAt = At,
        Outcome = AlertOutcome.Waiting,
        Attempts = 1,
        Error = "",
    };
}
