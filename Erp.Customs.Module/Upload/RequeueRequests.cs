using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>A person has a request start over (重新排队): the one door for the module's screens and for the job dashboard.</summary>
internal sealed class RequeueRequests(
    RequestTable requests, PaymentArchive archive, Signers signers, UploadRelay relay, TimeProvider time, ILogger<RequeueRequests> logger) : IUploadRequeue
{
    /// <inheritdoc/>
    public async Task<RequeueAnswer> RequeueAsync(long requestId, string who, string reason, DateTimeOffset? seenAt = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(who);
        if (await requests.FindAsync(requestId, CancellationToken.None) is not { } request)
        {
            return new(false, Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"));
        }

        if (request.RequeuedAt > seenAt)
        {
            return new(false, Words.Of("他人已在您打开页面之后重试过，未重复重试", "Somebody else has retried it since you opened the page; it is not retried twice"));
        }

        var envelope = await requests.EnvelopeAsync(request.Id, CancellationToken.None);
        var happened = await WishAsync(request, envelope);
        if (UploadStates.Next(request.State, happened) is not { } state)
        {
            return new(false, Refusal(request.State));
        }

        var replaces = happened == UploadEvent.RequeuedAnew && envelope is not null;
        var why = replaces ? WhySafe(request) : "";
        var change = new StateChange(state, FailureClass.None, replaces ? Join(reason, why) : reason, time.GetUtcNow(), ReleaseLease: true);
        if (!await requests.StartOverAsync(request, change, who, replaces))
        {
            return new(false, Words.Of("正在处理中，不需要重新排队", "It is being worked on; there is nothing to queue again"));
        }

        relay.Offer(requestId);
        return new(true, replaces ? Join(Words.Of("已重新排队", "Queued again"), why) : Promise(happened));
    }

    /// <inheritdoc/>
    public async Task<RequeueCounts> RequeueAsync(IReadOnlyCollection<long> requestIds, string who, string reason, DateTimeOffset? seenAt, CancellationToken cancellationToken)
    {
        var (done, failed) = (0, 0);
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in requestIds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var answer = await RequeueAsync(id, who, reason, seenAt);
                if (answer.Requeued)
                {
                    done++;
                }
                else
                {
                    refusals[answer.Sentence] = refusals.GetValueOrDefault(answer.Sentence) + 1;
                }
            }
            catch (Exception problem) when (problem is not ArgumentException)
            {
                failed++;
                logger.LogError(problem, "Request {RequestId} could not be queued again", id);
            }
        }

        return new(done, refusals, failed);
    }

    /// <summary>
    /// The saved bytes are sent again, unless they are to blame and customs surely do not have them: while customs may have accepted one message, there is never another.
    /// </summary>
    private async Task<UploadEvent> WishAsync(CustomsRequest request, Envelope? envelope)
    {
        if (envelope is null)
        {
            return UploadEvent.RequeuedAnew;
        }

        if (request.State is RequestState.Sending or RequestState.Unknown || await requests.IsInDoubtAsync(request.Id, CancellationToken.None))
        {
            return UploadEvent.RequeuedInDoubt;
        }

        // Of what customs have there is nothing to make anew; the state machine refuses it.
        var ended = request.State is RequestState.Accepted or RequestState.SessionUsed;
        return !ended && await IsToBlameAsync(request, envelope) ? UploadEvent.RequeuedAnew : UploadEvent.Requeued;
    }

    /// <summary>By the class of the failure, by a stop of the merchant, or because the payment was corrected or the card changed since.</summary>
    private async Task<bool> IsToBlameAsync(CustomsRequest request, Envelope envelope) =>
        request.Held
        || request.Failure is FailureClass.Data or FailureClass.Template or FailureClass.SignerConfiguration
        || (await archive.FindForOrderAsync(request.OrderNo, request.Merchant, CancellationToken.None) is { InSeveralMerchants: false, Payment: var payment }
            && (payment.Id, payment.Version) != (envelope.PaymentId, envelope.PaymentVersion))
        || await IsOtherCardAsync(request, envelope);

    private async Task<bool> IsOtherCardAsync(CustomsRequest request, Envelope envelope)
    {
        try
        {
            if (request.Merchant is not { } merchant)
            {
                return false;
            }

            foreach (var signer in signers.Of(merchant))
            {
                if ((await signer.CertificateAsync(CancellationToken.None)).CertNo == envelope.CertNo)
                {
                    return false;
                }
            }

            return true;
        }
        catch (SignerException)
        {
            // A card that cannot be asked has not been seen to change.
            return false;
        }
    }

    private static string WhySafe(CustomsRequest request) => request.State == RequestState.Rejected
        ? Words.Of(
            "海关已明确退回原报文且从未可能受理，因此将重新组报文并加签；原报文留作证据", "Customs refused the old message and can have accepted no sending of it, so a new one is made and signed; the old one is kept as evidence")
        : Words.Of("原报文从未到达海关，因此将重新组报文并加签；原报文留作证据", "The old message never reached customs, so a new one is made and signed; the old one is kept as evidence");

    private static string Join(string one, string other) =>
        Words.Of($"{Words.In(one, english: false)}；{Words.In(other, english: false)}", $"{Words.In(one, english: true)}; {Words.In(other, english: true)}");

    private static string Promise(UploadEvent happened) => happened == UploadEvent.RequeuedAnew
        ? Words.Of("已重新排队，将重新组报文并加签", "Queued again; a new message is made and signed")
        : Words.Of("已重新排队，将原样重发已加签的报文", "Queued again; the signed bytes are sent as they are");

    private static string Refusal(RequestState state) => state switch
    {
        RequestState.Accepted => Words.Of("海关已受理，不能再次上报", "Customs have accepted it; it is not sent again"),
        RequestState.SessionUsed => Words.Of("海关称该会话已使用，重发无效，请人工与海关核实", "Customs say that the session was used: sending again is in vain; clear it up with customs"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
