using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// The way of one request from received to an end state, by the rules of <see cref="UploadStates"/> and under the fence of its claim.
/// The envelope is saved before the first send; every send is of those bytes.
/// </summary>
internal sealed class UploadWork(
    RequestTable requests,
    PaymentFinder payments,
    EnvelopeMaker envelopes,
    CustomsClient customs,
    CustomsReplies replies,
    RetrySchedule retries,
    UploadCircuits circuits,
    PersonNotice persons,
    CustomsOptions options,
    CustomsMetrics metrics,
    TimeProvider time,
    ILogger<UploadWork> logger) : IUploadWork
{
    /// <summary>How long a claim holds: longer than finding, signing and sending may take together. The default value is 3 minutes.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    /// <summary>How long a request waits at least that finds its signer busy. The default value is 0.2 seconds.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(0.2);

    /// <summary>Ids in one sweep. The default value is 500.</summary>
    private const int SweepLimit = 500;

    private readonly UnsavedClaims _unsaved = new();

    public async Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken)
    {
        await _unsaved.ReleaseAsync(requests.ReleaseAsync);
        return await requests.DueAsync(SweepLimit, cancellationToken);
    }

    public async Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken)
    {
        if (await requests.ClaimAsync(requestId, Lease) is not { } request)
        {
            return null;
        }

        try
        {
            return await RunAsync(request, cancellationToken);
        }
        catch
        {
            _unsaved.Add(request.Id, request.Fence);
            throw;
        }
    }

    private async Task<DateTimeOffset?> RunAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        using var scope = RequestScope.Begin(logger, request.OrderNo, request.SessionId);
        try
        {
            return await WorkAsync(request, cancellationToken);
        }
        catch (UploadFailure failure)
        {
            return failure.Failure == FailureClass.SignerPin ? await CloseAsync(request, failure.Message)
                : failure.Until is { } until ? await WaitAsync(request, failure.Happened, failure.Failure, failure.Message, until)
                : await LeaveAsync(request, failure.Happened, failure.Failure, failure.Message);
        }
        catch (UnreadableContentException unreadable)
        {
            return await LeaveAsync(request, UploadEvent.PersonNeeded, FailureClass.Data, unreadable.Message);
        }
        catch (UploadHeld held)
        {
            return await requests.HoldAsync(request.Id, request.Fence, held.Until) ? held.Until : null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The module stops: let go, so that the next start need not wait for the lease.
            await requests.ChangeAsync(request.Id, request.Fence, Change(request, UploadEvent.Left, request.Failure, request.Reason, time.GetUtcNow()));
            return null;
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "Request {RequestId} was left by an unexpected error", request.Id);
            var standing = await requests.FindAsync(request.Id, CancellationToken.None) ?? request;
            if (UploadStates.Next(standing.State, UploadEvent.Left) is null)
            {
                return null;
            }

            return await LeaveAsync(standing with { Fence = request.Fence }, UploadEvent.Left, FailureClass.Unknown, Words.Of(
                $"系统内部错误（{problem.GetType().Name}），稍后重试", $"Internal error ({problem.GetType().Name}); tried again"));
        }
    }

    private async Task<DateTimeOffset?> WorkAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        if (request.State == RequestState.Sending)
        {
            var left = Change(request, UploadEvent.Left, FailureClass.Unknown, Words.Of(
                "发送过程中程序中断，海关是否收到未知", "The process ended while it was sending: unknown whether customs got it"), time.GetUtcNow(), releaseLease: false);
            if (!await requests.ChangeAsync(request.Id, request.Fence, left))
            {
                return null;
            }

            request = request with { State = left.State };
        }

        if (await requests.EnvelopeAsync(request.Id, cancellationToken) is { } saved)
        {
            return await SendAsync(request, saved);
        }

        return await PrepareAsync(request, cancellationToken) is var (prepared, made) ? await SendAsync(prepared, made) : null;
    }

    /// <returns>The request as it stands then and its saved envelope, or <see langword="null"/> when the claim was lost meanwhile.</returns>
    private async Task<(CustomsRequest Request, Envelope Envelope)?> PrepareAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        var (payment, merchant) = await payments.FindAsync(request, cancellationToken);
        if (request.Merchant is null && !await requests.SetMerchantAsync(request.Id, request.Fence, merchant.Name))
        {
            return null;
        }

        var envelope = await MakeAsync(request, payment, merchant, cancellationToken);
        var signed = Change(request, UploadEvent.Signed, FailureClass.None, "", time.GetUtcNow(), releaseLease: false);
        return await requests.SaveEnvelopeAsync(request.Fence, envelope, signed) ? (request with { Merchant = merchant.Name, State = signed.State }, envelope) : null;
    }

    private async Task<Envelope> MakeAsync(CustomsRequest request, PaymentRecord payment, MerchantOptions merchant, CancellationToken cancellationToken)
    {
        if (circuits.SignerOf(merchant.Name).WaitUntil() is { } until)
        {
            throw new UploadFailure(UploadEvent.SignerAway, FailureClass.SignerTransient, Words.Of(
                "签名设备不可用，恢复后自动继续", "The signer is away; it goes on by itself when it is back"))
            { Until = until };
        }

        using var turn = circuits.EnterSigner(merchant.Name) ?? throw new UploadHeld(time.GetUtcNow() + (Busy * (1 + Random.Shared.NextDouble())));
        try
        {
            var envelope = await envelopes.MakeAsync(request, payment, merchant, cancellationToken);
            await circuits.SignedAsync(merchant.Name);
            return envelope;
        }
        catch (UploadFailure failure) when (failure is { Happened: UploadEvent.SignerAway, Failure: not FailureClass.SignerPin })
        {
            await circuits.SignerFailedAsync(merchant.Name, failure.Message);
            throw;
        }
    }

    /// <summary>Not cancelled by a stopping module: the answer to bytes that are on their way is worth waiting for.</summary>
    private async Task<DateTimeOffset?> SendAsync(CustomsRequest request, Envelope envelope)
    {
        if (!envelope.IsWhole)
        {
            return await LeaveAsync(request, UploadEvent.PersonNeeded, FailureClass.Data, envelope.Unreadable ?? Words.Of(
                "已保存的加签报文与其 SHA-256 不符", "The saved signed message no longer has its SHA-256"));
        }

        var isTest = request.Purpose == RequestPurpose.Test;
        if (!isTest && circuits.Customs.WaitUntil() is { } until)
        {
            var failure = request.State == RequestState.Unknown ? FailureClass.Unknown : FailureClass.CustomsTransient;
            return await WaitAsync(request, UploadEvent.Left, failure, Words.Of("海关暂不可用，恢复后自动上报", "Customs are away; it is sent by itself when they are back"), until);
        }

        var started = time.GetUtcNow();
        var sending = Change(request, UploadEvent.SendBegun, FailureClass.None, "", started, releaseLease: false);
        if (await requests.BeginAttemptAsync(request.Id, request.Fence, sending) is not { } number)
        {
            return await StopAsync(request);
        }

        var reply = await metrics.StepAsync(
            "upload", request.OrderNo, request.SessionId, () => customs.PostAsync(isTest ? options.TestUrl : options.UploadUrl, envelope.Payload));
        var change = Outcome(request with { State = sending.State }, reply, wasInDoubt: request.State == RequestState.Unknown);
        change = persons.With(request, change);
        var attempt = new UploadAttempt(request.Id, number, started, time.GetUtcNow(), reply.HttpStatus, reply.Body, reply.Code, reply.Message, reply.Error) { Arrival = reply.Arrival };
        if (!await requests.EndAttemptAsync(request.Fence, attempt, change))
        {
            logger.LogWarning("Request {RequestId}: another worker took over while attempt {Attempt} was on its way", request.Id, number);
            return null;
        }

        if (!isTest)
        {
            // After the outcome is saved: whoever is woken by it must not wake this one too.
            await TellCircuitAsync(reply, change);
        }

        metrics.Uploaded(change.State);
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

    private Task TellCircuitAsync(UploadReply reply, StateChange change) => reply.Arrival == Arrival.Answered && change.Failure != FailureClass.CustomsTransient
        ? circuits.CustomsAnsweredAsync()
        : circuits.CustomsFailedAsync(change.Reason, reply.RetryAfter);

    /// <summary>Waits for the end of an outage; what stands so already is not written down again.</summary>
    private async Task<DateTimeOffset?> WaitAsync(CustomsRequest request, UploadEvent happened, FailureClass failure, string reason, DateTimeOffset until)
    {
        var change = Change(request, happened, failure, reason, until);
        var saved = (request.State, request.Failure, request.Reason) == (change.State, change.Failure, change.Reason)
            ? await requests.HoldAsync(request.Id, request.Fence, until)
            : await requests.ChangeAsync(request.Id, request.Fence, change);
        return saved ? until : null;
    }

    /// <summary>No signer of the merchant is open after wrong PINs, and the merchant is stopped until a person has reopened it. The request waits with all others; a test upload has its answer.</summary>
    private async Task<DateTimeOffset?> CloseAsync(CustomsRequest request, string reason)
    {
        logger.LogError("Request {RequestId} waits until a person reopens the merchant's signers: {Reason}", request.Id, reason);
        await requests.ChangeAsync(request.Id, request.Fence, request.Purpose == RequestPurpose.Test
            ? Change(request, UploadEvent.PersonNeeded, FailureClass.SignerPin, reason, next: null)
            : Change(request, UploadEvent.SignerAway, FailureClass.SignerPin, reason, time.GetUtcNow()));
        return null;
    }

    /// <summary>Lets go of a request whose merchant was stopped meanwhile: it stays due, and the stop holds it. Where only the claim was lost, nothing changes.</summary>
    private async Task<DateTimeOffset?> StopAsync(CustomsRequest request)
    {
        await requests.ChangeAsync(request.Id, request.Fence, Change(request, UploadEvent.Left, FailureClass.None, "", time.GetUtcNow()));
        return null;
    }

    /// <param name="request">Sending.</param>
    /// <param name="reply">What came of it.</param>
    /// <param name="wasInDoubt">Whether an earlier sending may have arrived: then it still may, though this one did not.</param>
    private StateChange Outcome(CustomsRequest request, UploadReply reply, bool wasInDoubt)
    {
        var notTaken = wasInDoubt ? UploadEvent.InDoubt : UploadEvent.NotTaken;
        return reply.Arrival switch
        {
            Arrival.Answered when replies.Meaning(reply.Code!, reply.Message!) is var meaning => meaning.Happened == UploadEvent.NotTaken
                ? Waiting(request, notTaken, meaning.Failure, meaning.Reason)
                : Change(request, meaning.Happened, meaning.Failure, meaning.Reason, next: null) with { StopCode = meaning.StopsMerchant ? reply.Code : null },
            Arrival.No => Waiting(request, notTaken, FailureClass.CustomsTransient, Words.Of($"海关未收到：{reply.Error}", $"Customs did not get it: {reply.Error}"), reply.RetryAfter),
            _ => Waiting(request, UploadEvent.InDoubt, FailureClass.Unknown, Words.Of($"海关是否收到未知：{reply.Error}", $"Unknown whether customs got it: {reply.Error}"), reply.RetryAfter),
        };
    }

    private async Task<DateTimeOffset?> LeaveAsync(CustomsRequest request, UploadEvent happened, FailureClass failure, string reason)
    {
        var change = happened == UploadEvent.PersonNeeded ? Change(request, happened, failure, reason, next: null) : Waiting(request, happened, failure, reason);
        logger.LogWarning("Request {RequestId} stands at {State}: {Reason}", request.Id, RequestStates.Word(change.State), change.Reason);
        await requests.ChangeAsync(request.Id, request.Fence, persons.With(request, change));
        return change.NextAttemptAt;
    }

    /// <summary>Waits while waiting makes sense; after that a person is asked.</summary>
    private StateChange Waiting(CustomsRequest request, UploadEvent happened, FailureClass failure, string reason, TimeSpan? retryAfter = null) =>
        retries.Next(request, failure, retryAfter) is { } next
            ? Change(request, happened, failure, reason, next)
            : Change(request, UploadEvent.PersonNeeded, failure, reason, next: null);

    private static StateChange Change(CustomsRequest request, UploadEvent happened, FailureClass failure, string reason, DateTimeOffset? next, bool releaseLease = true) =>
        new(UploadStates.After(request.State, happened), failure, reason, next, releaseLease);
}
