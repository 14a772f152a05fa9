using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Ports;

/// <summary>Tells people through the log, which an operator's own alerting reads.</summary>
internal sealed class LogNotifier(ILogger<LogNotifier> logger) : INotifier
{
    public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
    {
        var level = notice.Level == NoticeLevel.Information ? LogLevel.Information : LogLevel.Warning;
        logger.Log(level, "{Level}: {Subject} {Text} {Path}", notice.Level, notice.Subject, notice.Text, notice.Path);
        return Task.CompletedTask;
    }
}
