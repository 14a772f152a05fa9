namespace Erp.Customs.Module.Jobs;

/// <summary>The job behind <see cref="HangfireUploadEngine"/>: its argument is the request's id and nothing else.</summary>
internal sealed class HangfireUploadJob(HangfireJobs jobs, IUploadWork work, IUploadRecord record, RequestTitles titles, TimeProvider time)
{
    /// <summary>Before a request is looked at again that should be due and was not taken. The default value is 1 second.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work once.</summary>
    /// <exception cref="UploadNotDoneException">The request is due again, or a person must act.</exception>
    public async Task RunAsync(long requestId, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, jobs.Stopping);
        var again = await work.RunAsync(requestId, ending.Token);
        // How the request stands is for the table to say, also when another worker held it.
        var standing = await record.FindAsync(requestId, CancellationToken.None);
        if (standing is not null)
        {
            titles.Remember(standing);
        }

        if ((again ?? NotBefore(standing?.DueAt)) is { } dueAt)
        {
            throw new UploadNotDoneException(standing?.Reason ?? "", dueAt);
        }

        if (standing is { Failed: true })
        {
            throw new UploadNotDoneException(standing.Reason, dueAt: null);
        }
    }

    private DateTimeOffset? NotBefore(DateTimeOffset? dueAt)
    {
        var soon = time.GetUtcNow() + Breath;
        return dueAt < soon ? soon : dueAt;
    }
}
