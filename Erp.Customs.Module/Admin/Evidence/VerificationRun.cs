using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Evidence;

/// <summary>The verification that a person has begun on the screen; it goes on whoever looks.</summary>
internal sealed class VerificationRun(ArchiveVerifier verifier, TimeProvider time, ILogger<VerificationRun> logger) : IAsyncDisposable, IProgress<ArchiveVerificationProgress>
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;

    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => !_work.IsCompleted;

    /// <summary>Who began it.</summary>
    public string StartedBy { get; private set; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>How far it is.</summary>
    public ArchiveVerificationProgress? Progress { get; private set; }

    /// <summary>How the last one came out; <see langword="null"/> when it did not come to its end.</summary>
    public ArchiveVerification? Result { get; private set; }

    /// <summary>Why it did not, <c>中文 | English</c>.</summary>
    public string? Ended { get; private set; }

    /// <summary>Begins one, unless one is under way.</summary>
    public bool Begin(string user, bool resume)
    {
        lock (_gate)
        {
            if (IsRunning)
            {
                return false;
            }

            _stop?.Dispose();
            _stop = new CancellationTokenSource();
            (StartedBy, StartedAt, Progress, Result, Ended) = (user, time.GetUtcNow(), null, null, null);
            var stop = _stop.Token;
            _work = Task.Run(() => RunAsync(resume, stop), CancellationToken.None);
            logger.LogInformation("{User} has the archive verified", user);
            return true;
        }
    }

    /// <summary>Ends the one that is under way.</summary>
    public void End()
    {
        lock (_gate)
        {
            _stop?.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Report(ArchiveVerificationProgress value) => Progress = value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End();
        await _work;
        _stop?.Dispose();
    }

    private async Task RunAsync(bool resume, CancellationToken stop)
    {
        try
        {
            Result = await verifier.VerifyAsync(new ArchiveRange { Resume = resume }, this, stop);
        }
        catch (OperationCanceledException)
        {
            Ended = Words.Of("验证在完成之前被中断", "The verification was ended before it was through");
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "The archive could not be verified");
            Ended = Words.Of($"验证未能完成（{problem.GetType().Name}）", $"The verification could not be carried through ({problem.GetType().Name})");
        }
    }
}
