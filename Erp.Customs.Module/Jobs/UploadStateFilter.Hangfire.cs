using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Erp.Customs.Module.Jobs;

/// <summary>
/// Mirrors the request's row in its job's state: due again becomes Scheduled, an end that needs a person becomes Failed with the reason.
/// Also keeps every job in the module's own queue, and a storage in memory small: what it has no room for stands in the table, on the module's own screens and before the sweep all the same.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="mostKept">How many jobs may wait or have failed; those beyond are not kept. The default value is any number, for a storage on a disk.</param>
internal sealed class UploadStateFilter(TimeProvider time, long mostKept = long.MaxValue) : IElectStateFilter, IApplyStateFilter
{
    /// <summary>Parameter of a job: when somebody wished for it while it ran, in Unix milliseconds.</summary>
    private const string Wish = "Wish";

    private static readonly string s_notKept = Words.Of("任务过多，不在此保留；请求仍在「海关请求」中", "Too many jobs to keep this one; its request stands on the screen of requests");

    /// <summary>The hash that tells the job of a request.</summary>
    public static string KeyOf(long requestId) => string.Create(CultureInfo.InvariantCulture, $"erp-customs:request:{requestId}");

    /// <summary>The request of a job; <see langword="null"/> for a job that is not ours.</summary>
    public static long? RequestOf(Job? job) => job?.Type == typeof(HangfireUploadJob) && job.Args is [long requestId, ..] ? requestId : null;

    /// <summary>Enqueued when it is due, otherwise Scheduled. Hangfire counts in seconds: the next full one, so that nothing runs early.</summary>
    public static IState StateFor(DateTimeOffset dueAt, DateTimeOffset now, string? reason = null) => dueAt <= now
        ? new EnqueuedState(HangfireJobs.Queue) { Reason = reason }
        : new ScheduledState(DateTimeOffset.FromUnixTimeSeconds((long)Math.Ceiling(dueAt.ToUnixTimeMilliseconds() / 1000d)).UtcDateTime) { Reason = reason };

    /// <summary>Notes a wish for a job that runs; called under the job's lock.</summary>
    public static void NoteWish(IStorageConnection connection, string jobId, DateTimeOffset dueAt)
    {
        if (ReadWish(connection, jobId) is not { } there || dueAt < there)
        {
            connection.SetJobParameter(jobId, Wish, dueAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        }
    }

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is EnqueuedState enqueued)
        {
            enqueued.Queue = HangfireJobs.Queue;
        }

        if (context.CurrentState != ProcessingState.StateName || context.CandidateState is not (SucceededState or FailedState))
        {
            return;
        }

        var left = (context.CandidateState as FailedState)?.Exception as UploadNotDoneException;
        if (context.CandidateState is FailedState failed && left is not null)
        {
            failed.Reason = left.Message;
            // The reason says it all; where in the code it was thrown tells nobody anything.
            failed.MaxLinesInStackTrace = 1;
        }

        var wished = TakeWish(context);
        var dueAt = wished is { } wish && left?.DueAt is { } due ? (wish < due ? wish : due) : wished ?? left?.DueAt;
        if (dueAt is { } again)
        {
            context.CandidateState = StateFor(again, time.GetUtcNow(), left?.Message);
        }

        var mayGo = context.CandidateState is FailedState || (context.CandidateState is ScheduledState later && later.EnqueueAt > (time.GetUtcNow() + JobsServices.Soon).UtcDateTime);
        if (mayGo && IsFull(context.Storage))
        {
            context.CandidateState = new DeletedState { Reason = s_notKept };
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is DeletedState { Reason: { } reason } && reason == s_notKept)
        {
            context.JobExpirationTimeout = TimeSpan.Zero;
        }

        if (RequestOf(context.BackgroundJob.Job) is { } requestId && context.NewState.IsFinal && transaction is JobStorageTransaction own)
        {
            own.ExpireHash(KeyOf(requestId), context.JobExpirationTimeout);
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (RequestOf(context.BackgroundJob.Job) is { } requestId && transaction is JobStorageTransaction own)
        {
            own.PersistHash(KeyOf(requestId));
        }
    }

    private bool IsFull(JobStorage storage)
    {
        if (mostKept == long.MaxValue)
        {
            return false;
        }

        var monitor = storage.GetMonitoringApi();
        return monitor.ScheduledCount() + monitor.FailedCount() >= mostKept;
    }

    private static DateTimeOffset? TakeWish(ElectStateContext context)
    {
        var wish = ReadWish(context.Connection, context.BackgroundJob.Id);
        if (wish is not null)
        {
            context.Connection.SetJobParameter(context.BackgroundJob.Id, Wish, "");
        }

        return wish;
    }

    private static DateTimeOffset? ReadWish(IStorageConnection connection, string jobId) =>
        long.TryParse(connection.GetJobParameter(jobId, Wish), NumberStyles.None, CultureInfo.InvariantCulture, out var wish) ? DateTimeOffset.FromUnixTimeMilliseconds(wish) : null;
}

/// <summary>A run that did not bring its request to a good end. Its message is the reason in words without personal data.</summary>
/// <param name="reason">The reason.</param>
/// <param name="dueAt">When it is tried again; <see langword="null"/> when a person must act.</param>
internal sealed class UploadNotDoneException(string reason, DateTimeOffset? dueAt) : Exception(reason)
{
    /// <summary>When it is tried again; <see langword="null"/> when a person must act.</summary>
    public DateTimeOffset? DueAt { get; } = dueAt;
}
