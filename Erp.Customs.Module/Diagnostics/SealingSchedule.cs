using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Puts sealing on the clock.</summary>
internal sealed class SealingSchedule(Sealer sealer, CustomsOptions options) : IScheduledWork
{
    public string Name => "sealing";

    public string Cron => options.Archive.SealingCron;

    public Task RunAsync(CancellationToken cancellationToken) => sealer.SealAsync(cancellationToken);
}

/// <summary>Puts checkpoints on the clock, and tells people of one that contradicts the database or could not be kept outside of it, each once.</summary>
internal sealed class CheckpointSchedule(Checkpoints checkpoints, AlertOutbox alerts, CustomsOptions options) : IScheduledWork
{
    public string Name => "checkpoints";

    public string Cron => options.Archive.CheckpointCron;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = checkpoints.Problem;
        if (await checkpoints.MakeAsync(cancellationToken) is { } problem && problem != before)
        {
            await alerts.RaiseAsync(new Alert(AlertKind.ArchiveCheckpoint, "", NoticeLevel.Alarm, Words.Of("存证检查点异常", "A checkpoint of the archive is not as it must be"), problem));
        }
    }
}
