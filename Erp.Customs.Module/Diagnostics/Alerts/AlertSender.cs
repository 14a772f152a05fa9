using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>Sends what the table says is due, one message of a channel at a time and all channels side by side, so that one that is down holds up no other.</summary>
internal sealed class AlertSender(AlertTable table, AlertChannels channels, CustomsMetrics metrics, TimeProvider time, ILogger<AlertSender> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 1 second.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any channel takes for a message. After it a message whose sender died is sent again. The default value is 2 minutes.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>After each attempt that failed; after the last one it is given up. The default values are 5 s, 30 s, 2 min, 10 min, 30 min.</summary>
    private static readonly TimeSpan[] Again = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];

    /// <summary>Messages in one look. The default value is 200.</summary>
    private const int LookLimit = 200;

    private readonly Dictionary<string, Task> _busy = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogDebug("The sender of alerts ends with the module");
        }
        finally
        {
            // What is on its way is worth waiting for.
            await Task.WhenAll(_busy.Values);
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var due in (await table.DueAsync(LookLimit, stoppingToken)).GroupBy(message => message.Channel, StringComparer.Ordinal))
            {
                if (channels.Find(due.Key) is { } channel && (!_busy.TryGetValue(channel.Name, out var work) || work.IsCompleted))
                {
                    _busy[channel.Name] = SendAllAsync(channel, [.. due], stoppingToken);
                }
            }
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogError(problem, "The alerts that are due could not be read; they are looked for again in {Seconds} s", Interval.TotalSeconds);
        }
    }

    private async Task SendAllAsync(AlertChannel channel, IReadOnlyList<AlertMessage> messages, CancellationToken stoppingToken)
    {
        try
        {
            foreach (var due in messages)
            {
                stoppingToken.ThrowIfCancellationRequested();
                if (await table.ClaimAsync(due, Lease) is { } message)
                {
                    var receipt = await SendAsync(channel, message);
                    await Task.Delay(receipt.Rest > channel.Pace ? receipt.Rest : channel.Pace, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogDebug("What channel {Channel} has not been told yet waits for the next start", channel.Name);
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "A message of channel {Channel} could not be claimed or its outcome not be written down; it is tried again", channel.Name);
        }
    }

    private async Task<AlertReceipt> SendAsync(AlertChannel channel, AlertMessage message)
    {
        var receipt = await TryAsync(channel, message);
        if (receipt.Error.Length == 0)
        {
            await table.EndAsync(message, AlertOutcome.Sent, nextAttemptAt: null, "");
            metrics.Alerted(channel.Kind, "sent");
            return receipt;
        }

        var isLast = message.Attempts > Again.Length;
        var wait = isLast ? TimeSpan.Zero : Again[message.Attempts - 1];
        await table.EndAsync(
            message, isLast ? AlertOutcome.Failed : AlertOutcome.Waiting, isLast ? null : time.GetUtcNow() + (receipt.Rest > wait ? receipt.Rest : wait), receipt.Error);
        metrics.Alerted(channel.Kind, isLast ? "failed" : "retried");
        logger.LogWarning("Channel {Channel} did not take alert {AlertId} at attempt {Attempt}: {Reason}", channel.Name, message.Id, message.Attempts, receipt.Error);
        return receipt;
    }

    private static async Task<AlertReceipt> TryAsync(AlertChannel channel, AlertMessage message)
    {
        try
        {
            return await channel.SendAsync(message);
        }
        catch (Exception problem)
        {
            // Its text is somebody else's and may name anybody.
            return AlertReceipt.Failed(Words.Of($"未送达（{problem.GetType().Name}）", $"Not delivered ({problem.GetType().Name})"));
        }
    }
}
