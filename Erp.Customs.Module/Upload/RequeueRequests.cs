using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>A person has a request start over (重新排队): the one door for the module's screens and for the job dashboard.</summary>
internal sealed class RequeueRequests(RequestTable requests, UploadRelay relay, TimeProvider time) : IUploadRequeue
{
    /// <inheritdoc/>
    public async Task<RequeueAnswer> RequeueAsync(long requestId, string who, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(who);
        if (await requests.FindAsync(requestId, CancellationToken.None) is not { } request)
        {
            return new(false, Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"));
        }

        var happened = await WishAsync(request);
        if (UploadStates.Next(request.State, happened) is not { } state)
        {
            return new(false, Refusal(request.State));
        }

        if (!await requests.StartOverAsync(request, new StateChange(state, FailureClass.None, reason, time.GetUtcNow(), ReleaseLease: true), who))
        {
            return new(false, Words.Of("正在处理中，不需要重新排队", "It is being worked on; there is nothing to queue again"));
        }

        relay.Offer(requestId);
        return new(true, Promise(happened));
    }

    /// <summary>Where a message was signed its bytes are sent again, for nobody knows what customs made of them; otherwise one is made.</summary>
    private async Task<UploadEvent> WishAsync(CustomsRequest request)
    {
        if (await requests.EnvelopeAsync(request.Id, CancellationToken.None) is null)
        {
            return UploadEvent.RequeuedAnew;
        }

        var inDoubt = request.State is RequestState.Sending or RequestState.Unknown || await requests.IsInDoubtAsync(request.Id, CancellationToken.None);
        return inDoubt ? UploadEvent.RequeuedInDoubt : UploadEvent.Requeued;
    }

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
