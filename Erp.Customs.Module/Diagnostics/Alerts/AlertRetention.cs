using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>Erases old alerts, and gives up those that wait for a channel which the settings have no more.</summary>
internal sealed class AlertRetention(AlertTable table, AlertChannels channels, CustomsOptions options, TimeProvider time, ILogger<AlertRetention> logger) : IScheduledWork
{
    /// <summary>How long people can look up what they were told. The default value is 180 days.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    /// <summary>How long a message waits for its channel to come back into the settings. The default value is 1 day.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Rows in one batch. 200.</summary>
    private const int BatchSize = 200;

    public string Name => "alert-retention";

    public string Cron => options.RetentionCron;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var left = await table.GiveUpAsync(
            now - Patience, [.. channels.All.Select(channel => channel.Name)], Words.Of("设置中已没有此通道", "The settings do not have this channel any more"));
        if (options.RetentionDryRun)
        {
            return;
        }

        var erased = 0;
        int batch;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch = await table.EraseAsync(now - Kept, BatchSize);
            erased += batch;
        }
        while (batch == BatchSize);
        logger.LogInformation("Retention: {Count} alerts erased, {Left} given up whose channel is gone", erased, left);
    }
}
