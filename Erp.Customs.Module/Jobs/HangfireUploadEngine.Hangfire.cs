using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Erp.Customs.Module.Jobs;

/// <summary>Sign-and-upload on Hangfire: one job per request, whatever is wished for it.</summary>
internal sealed class HangfireUploadEngine(HangfireJobs jobs, TimeProvider time) : IUploadEngine
{
    /// <summary>How long a lock of Hangfire is waited for. The default value is 15 seconds.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How often a job that moves under our hands is looked at again. The default value is 10.</summary>
    private const int Looks = 10;

    private const string JobId = "job";

    private readonly JobStorage _storage = jobs.Storage ?? throw new InvalidOperationException("This build has no job storage of Hangfire for this database.");

    public string Name => "Hangfire";

    public Task EnqueueAsync(long requestId, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        using var connection = _storage.GetConnection();
        using (connection.AcquireDistributedLock(UploadStateFilter.KeyOf(requestId), LockTimeout))
        {
            for (var look = 0; look < Looks; look++)
            {
                if (TryWish(connection, requestId, dueAt))
                {
                    return Task.CompletedTask;
                }
            }
        }

        throw new InvalidOperationException($"The job of request {requestId} changes all the time.");
    }

    /// <summary>Shows a request that failed for good, unless its job is there already.</summary>
    /// <returns>Whether a job was made.</returns>
    public bool ShowFailed(UploadStanding standing)
    {
        using var connection = _storage.GetConnection();
        using (connection.AcquireDistributedLock(UploadStateFilter.KeyOf(standing.RequestId), LockTimeout))
        {
            if (Find(connection, standing.RequestId) is not null)
            {
                return false;
            }

            Create(connection, standing.RequestId, new FailedState(new UploadNotDoneException(standing.Reason, dueAt: null)) { Reason = standing.Reason });
            return true;
        }
    }

    private static (string Id, string State)? Find(IStorageConnection connection, long requestId) =>
        connection.GetAllEntriesFromHash(UploadStateFilter.KeyOf(requestId)) is { } entries && entries.TryGetValue(JobId, out var id) && connection.GetJobData(id) is { State: { } state }
            ? (id, state)
            : null;

    private static DateTime ScheduledFor(IStorageConnection connection, string jobId) =>
        connection.GetStateData(jobId) is { Name: "Scheduled" } state && state.Data.TryGetValue("EnqueueAt", out var at)
            ? JobHelper.DeserializeDateTime(at)
            : DateTime.MaxValue;

    /// <returns><see langword="false"/> when the job moved meanwhile: to be looked at again.</returns>
    private bool TryWish(IStorageConnection connection, long requestId, DateTimeOffset dueAt)
    {
        var wished = UploadStateFilter.StateFor(dueAt, time.GetUtcNow());
        if (Find(connection, requestId) is not { } job)
        {
            Create(connection, requestId, wished);
            return true;
        }

        if (job.State == EnqueuedState.StateName || (job.State == ScheduledState.StateName && wished is ScheduledState later && ScheduledFor(connection, job.Id) <= later.EnqueueAt))
        {
            return true;
        }

        return job.State == ProcessingState.StateName
            ? TryNote(connection, job.Id, dueAt)
            : jobs.Client!.ChangeState(job.Id, wished, job.State);
    }

    /// <summary>Under the lock that state changes take, so that the run's end sees the wish or the wish sees the run's end.</summary>
    private static bool TryNote(IStorageConnection connection, string jobId, DateTimeOffset dueAt)
    {
        using (connection.AcquireDistributedJobLock(jobId, LockTimeout))
        {
            if (connection.GetJobData(jobId) is not { State: "Processing" })
            {
                return false;
            }

            UploadStateFilter.NoteWish(connection, jobId, dueAt);
            return true;
        }
    }

    private void Create(IStorageConnection connection, long requestId, IState state)
    {
        var id = jobs.Client!.Create(Job.FromExpression<HangfireUploadJob>(job => job.RunAsync(requestId, CancellationToken.None)), state);
        connection.SetRangeInHash(UploadStateFilter.KeyOf(requestId), [new(JobId, id)]);
    }
}
