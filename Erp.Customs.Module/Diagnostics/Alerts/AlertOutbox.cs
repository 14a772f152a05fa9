using System.Data.Common;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>The one door for everything that people must know. It writes down what is to be told; <see cref="AlertSender"/> tells it.</summary>
internal sealed class AlertOutbox(AlertTable table, AlertChannels channels, CustomsOptions options, ILogger<AlertOutbox> logger)
{
    private const string Savepoint = "alert";

    private string Path => options.BasePath + "/admin";

    /// <summary>To be written down in the transaction of what it tells of, so that no crash comes in between. What cannot be written down is in the log, and keeps nothing else out.</summary>
    public AlsoWrite Writing(params IReadOnlyList<Alert> told) => async (connection, transaction) =>
    {
        foreach (var alert in told)
        {
            await transaction.SaveAsync(Savepoint);
            try
            {
                await table.RaiseAsync(connection, transaction, alert, Path, channels.Taking(alert.Level), options.Alerts.Group);
                await transaction.ReleaseAsync(Savepoint);
            }
            catch (DbException problem)
            {
                await transaction.RollbackAsync(Savepoint);
                Log(alert, problem);
            }
        }
    };

    /// <summary>Durable when the task completes. It never fails what it tells about: where even this cannot be written down, it is in the log.</summary>
    public Task RaiseAsync(Alert alert) => WriteAsync(alert, table.RaiseAsync);

    /// <summary>The same, unless these very words were raised before.</summary>
    public Task RaiseOnceAsync(Alert alert) => WriteAsync(alert, table.RaiseOnceAsync);

    /// <summary>Has one channel told something harmless.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="user">Who wished it.</param>
    /// <returns>The message's id.</returns>
    public Task<long> TestAsync(string channel, string user) => table.AddAsync(
        new Alert(AlertKind.Test, "", NoticeLevel.Information, Words.Of("告警通道测试", "Test of an alert channel"), Words.Of($"由 {user} 在告警页面发送，无需处理", $"Sent by {user} from the screen of alerts; nothing to do")),
        options.BasePath + "/admin/alerts",
        channel);

    private async Task WriteAsync(Alert alert, Func<Alert, string?, IReadOnlyCollection<string>, TimeSpan, Task> write)
    {
        try
        {
            await write(alert, Path, channels.Taking(alert.Level), options.Alerts.Group);
        }
        catch (Exception problem)
        {
            Log(alert, problem);
        }
    }

    private void Log(Alert alert, Exception problem) =>
        logger.LogError(problem, "Alert {Kind} of {Merchant} could not be written down: {Sentence}", EnumWords<AlertKind>.Word(alert.Kind), alert.Merchant, alert.Subject);
}
