using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>The host's notifier, where it has one: told everything, in both languages.</summary>
internal sealed class HostChannel(INotifier notifier) : AlertChannel
{
    /// <summary>How long the host may take. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public override string Name => "host";

    public override string Kind => "host";

    public override string Destination => "INotifier";

    public override NoticeLevel Level => NoticeLevel.Information;

    public override async Task<AlertReceipt> SendAsync(AlertMessage message)
    {
        var notice = new Notice(
            message.Level,
            Words.Of(AlertText.Subject(message, english: false), AlertText.Subject(message, english: true)),
            Words.Of(AlertText.Body(message, english: false), AlertText.Body(message, english: true)),
            message.Path);
        using var limit = new CancellationTokenSource(Limit);
        await notifier.NotifyAsync(notice, limit.Token).WaitAsync(limit.Token);
        return AlertReceipt.Taken;
    }
}
