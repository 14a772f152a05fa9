using System.Globalization;
using Quartz;

namespace Erp.Customs.Module.Jobs;

/// <summary>Sign-and-upload on Quartz: one durable job, one trigger per request.</summary>
internal sealed class QuartzUploadEngine(ISchedulerFactory schedulers, TimeProvider time) : IUploadEngine
{
    public string Name => "Quartz";

    public async Task EnqueueAsync(long requestId, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var trigger = TriggerBuilder.Create(time)
            .WithIdentity(requestId.ToString(CultureInfo.InvariantCulture), "upload")
            .ForJob(QuartzUploadJob.Key)
            .UsingJobData(QuartzUploadJob.RequestId, requestId)
            .StartAt(dueAt)
            .Build();
        // The row's next_attempt_at decides; a trigger that waits for the same request is the same wish.
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.KeepEarlier, cancellationToken);
    }
}

/// <summary>The job behind <see cref="QuartzUploadEngine"/>.</summary>
internal sealed class QuartzUploadJob(IUploadWork work, IUploadEngine engine, UploadRoom room, TimeProvider time) : IJob
{
    public const string RequestId = "requestId";

    public static readonly JobKey Key = new("sign-and-upload", "upload");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var id = context.MergedJobDataMap.GetLong(RequestId);
        room.Begun(id);
        // A trigger for each of many requests that wait for hours would be memory for nothing: the sweep finds them.
        if (await work.RunAsync(id, cancellationToken) is { } again && again < time.GetUtcNow() + JobsServices.Soon)
        {
            await engine.EnqueueAsync(id, again, cancellationToken);
        }
    }
}

/// <summary>Runs one <see cref="IScheduledWork"/>, found by its name.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzScheduledJob(IEnumerable<IScheduledWork> works) : IJob
{
    public const string WorkName = "work";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.MergedJobDataMap.GetString(WorkName);
        await works.Single(work => work.Name == name).RunAsync(cancellationToken);
    }
}
