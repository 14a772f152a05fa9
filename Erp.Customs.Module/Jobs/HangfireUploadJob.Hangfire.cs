using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>The job behind <see cref="HangfireUploadEngine"/>: its argument is the request's id and nothing else.</summary>
internal sealed class HangfireUploadJob(HangfireJobs jobs, IUploadWork work, UploadRoom room, IUploadRecord record, RequestTitles titles, TimeProvider time, ILogger<HangfireUploadJob> logger)
{
    /// <summary>Before a request is looked at again that should be due and was not taken. The default value is 1 second.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work once.</summary>
    /// <exception cref="UploadNotDoneException">The request is due again, or a person must act, or something unexpected happened.</exception>
    public async Task RunAsync(long requestId, CancellationToken cancellationToken)
    {
        room.Begun(requestId);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, jobs.Stopping);
        try
        {
            await RunOnceAsync(requestId, ending.Token);
        }
        catch (Exception problem) when (problem is not UploadNotDoneException)
        {
            // The log has it all; Hangfire would show the text of whatever was thrown. The sweep finds the request when it is due.
            logger.LogError(problem, "The job of request {RequestId} was left by an unexpected error", requestId);
            throw new UploadNotDoneException(Words.Of($"系统内部错误（{problem.GetType().Name}）", $"Internal error ({problem.GetType().Name})"), dueAt: null);
        }
    }

    private async Task RunOnceAsync(long requestId, CancellationToken cancellationToken)
    {
        var again = await work.RunAsync(requestId, cancellationToken);
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
