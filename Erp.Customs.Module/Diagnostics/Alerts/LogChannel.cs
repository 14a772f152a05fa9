using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>The log: told what no other channel takes, so that nothing is told to nobody.</summary>
internal sealed class LogChannel(ILogger logger) : AlertChannel
{
    public override string Name => "log";

    public override string Kind => "log";

    public override string Destination => "ILogger";

    public override NoticeLevel Level => NoticeLevel.Information;

    public override Task<AlertReceipt> SendAsync(AlertMessage message)
    {
        logger.Log(
            message.Level == NoticeLevel.Information ? LogLevel.Information : LogLevel.Warning,
            "Alert {Kind} of {Merchant}, {Count} of them: {Sentence} {Details}", EnumWords<AlertKind>.Word(message.Kind), message.Merchant, message.Alerts, message.Subject, string.Join("; ", message.Lines));
        return Task.FromResult(AlertReceipt.Taken);
    }
}
