using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// The way of one request from received to an end state. Only this class changes states, and only under the fence of its claim.
/// The envelope is saved before the first send; every send is of those bytes.
/// </summary>
internal sealed class UploadWork(
    RequestTable requests,
    PaymentFinder payments,
    EnvelopeMaker envelopes,
    CustomsClient customs,
    CustomsReplies replies,
    RetrySchedule retries,
    PersonNotice persons,
    CustomsOptions options,
    CustomsMetrics metrics,
    TimeProvider time,
    ILogger<UploadWork> logger) : IUploadWork
{
    /// <summary>How long a claim holds: longer than finding, signing and sending may take together. The default value is 3 minutes.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    /// <summary>Ids in one sweep. The default value is 500.</summary>
    private const int SweepLimit = 500;

    public Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken) => requests.DueAsync(SweepLimit, cancellationToken);

    public async Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken)
    {
        if (await requests.ClaimAsync(requestId, Lease) is not { } request)
        {
            return null;
        }

        using var scope = RequestScope.Begin(logger, request.OrderNo, request.SessionId);
        try
        {
            var envelope = await requests.EnvelopeAsync(request.Id, cancellationToken) ?? await PrepareAsync(request, cancellationToken);
            return envelope is null ? null : await SendAsync(request, envelope);
        }
        catch (UploadFailure failure)
        {
            return await LeaveAsync(request, failure.State, failure.Failure, failure.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The module stops: let go, so that the next start need not wait for the lease.
            await requests.ChangeAsync(request.Id, request.Fence, new StateChange(request.State, request.Failure, request.Reason, time.GetUtcNow(), ReleaseLease: true));
            return null;
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "Request {RequestId} was left by an unexpected error", request.Id);
            var standing = await requests.FindAsync(request.Id, CancellationToken.None) ?? request;
            // Bytes that were on their way may have arrived.
            var state = standing.State == RequestState.Sending ? RequestState.Unknown : standing.State;
            return await LeaveAsync(standing with { Fence = request.Fence }, state, FailureClass.Unknown, Words.Of(
                $"系统内部错误（{problem.GetType().Name}），稍后重试", $"Internal error ({problem.GetType().Name}); tried again"));
        }
    }

    /// <returns>The saved envelope, or <see langword="null"/> when the claim was lost meanwhile.</returns>
    private async Task<Envelope?> PrepareAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        var (payment, merchant) = await payments.FindAsync(request, cancellationToken);
        if (request.Merchant is null && !await requests.SetMerchantAsync(request.Id, request.Fence, merchant.Name))
        {
            return null;
        }

        var envelope = await envelopes.MakeAsync(request, payment, merchant, cancellationToken);
        var signed = new StateChange(RequestState.Signed, FailureClass.None, "", time.GetUtcNow(), ReleaseLease: false);
        return await requests.SaveEnvelopeAsync(request.Fence, envelope, signed) ? envelope : null;
    }

    /// <summary>Not cancelled by a stopping module: the answer to bytes that are on their way is worth waiting for.</summary>
    private async Task<DateTimeOffset?> SendAsync(CustomsRequest request, Envelope envelope)
    {
        if (!envelope.IsWhole)
        {
            throw UploadFailure.NeedsPerson(FailureClass.Data, Words.Of("已保存的加签报文与其 SHA-256 不符", "The saved signed message no longer has its SHA-256"));
        }

        var started = time.GetUtcNow();
        var sending = new StateChange(RequestState.Sending, FailureClass.None, "", started, ReleaseLease: false);
        if (await requests.BeginAttemptAsync(request.Id, request.Fence, sending) is not { } number)
        {
            return null;
        }

        var url = request.Purpose == RequestPurpose.Test ? options.TestUrl : options.UploadUrl;
        var reply = await metrics.StepAsync("upload", request.OrderNo, request.SessionId, () => customs.PostAsync(url, envelope.Payload));
        var change = Outcome(request, reply);
        var attempt = new UploadAttempt(request.Id, number, started, time.GetUtcNow(), reply.HttpStatus, reply.Body, reply.Code, reply.Message, reply.Error);
        if (!await requests.EndAttemptAsync(request.Fence, attempt, change))
        {
            logger.LogWarning("Request {RequestId}: another worker took over while attempt {Attempt} was on its way", request.Id, number);
            return null;
        }

        metrics.Uploaded(change.State);
        await persons.TellAsync(request, change);
        if (change.State == RequestState.Accepted)
        {
            metrics.Accepted(time.GetUtcNow() - request.ReceivedAt);
        }
        else
        {
            logger.LogWarning("Attempt {Attempt} of request {RequestId} left it {State}: {Reason}", number, request.Id, RequestStates.Word(change.State), change.Reason);
        }

        return change.NextAttemptAt;
    }

    private StateChange Outcome(CustomsRequest request, UploadReply reply)
    {
        if (reply.Arrival == Arrival.Answered)
        {
            var (state, failure, reason) = replies.Meaning(reply.Code!, reply.Message!);
            return new StateChange(state, failure, reason, NextAttemptAt: null, ReleaseLease: true);
        }

        return reply.Arrival == Arrival.No
            ? Waiting(request, RequestState.Signed, FailureClass.CustomsTransient, Words.Of($"海关未收到：{reply.Error}", $"Customs did not get it: {reply.Error}"))
            : Waiting(request, RequestState.Unknown, FailureClass.Unknown, Words.Of($"海关是否收到未知：{reply.Error}", $"Unknown whether customs got it: {reply.Error}"));
    }

    private async Task<DateTimeOffset?> LeaveAsync(CustomsRequest request, RequestState state, FailureClass failure, string reason)
    {
        var change = state == RequestState.NeedsPerson
            ? new StateChange(state, failure, reason, NextAttemptAt: null, ReleaseLease: true)
            : Waiting(request, state, failure, reason);
        logger.LogWarning("Request {RequestId} stands at {State}: {Reason}", request.Id, RequestStates.Word(change.State), change.Reason);
        if (await requests.ChangeAsync(request.Id, request.Fence, change))
        {
            await persons.TellAsync(request, change);
        }

        return change.NextAttemptAt;
    }

    /// <summary>Waits in a state while waiting makes sense; after that a person is asked.</summary>
    private StateChange Waiting(CustomsRequest request, RequestState state, FailureClass failure, string reason) =>
        retries.Next(request, failure) is { } next
            ? new StateChange(state, failure, reason, next, ReleaseLease: true)
            : new StateChange(RequestState.NeedsPerson, failure, reason, NextAttemptAt: null, ReleaseLease: true);
}
