using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>A person has a request start over (重新排队): the one door for the module's screens and for the job dashboard.</summary>
internal sealed class RequeueRequests(RequestTable requests, UploadRelay relay) : IUploadRequeue
{
    /// <inheritdoc/>
    public async Task<RequeueAnswer> RequeueAsync(long requestId, string who, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(who);
        var outcome = await requests.RequeueAsync(requestId, who, reason);
        var requeued = outcome is RequeueOutcome.SendsAgain or RequeueOutcome.MakesNew;
        if (requeued)
        {
            relay.Offer(requestId);
        }

        return new(requeued, Sentence(outcome));
    }

    private static string Sentence(RequeueOutcome outcome) => outcome switch
    {
        RequeueOutcome.SendsAgain => Words.Of("已重新排队，将原样重发已加签的报文", "Queued again; the signed bytes are sent as they are"),
        RequeueOutcome.MakesNew => Words.Of("已重新排队，将重新组报文并加签", "Queued again; a new message is made and signed"),
        RequeueOutcome.Missing => Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"),
        RequeueOutcome.UnderWay => Words.Of("正在处理中，不需要重新排队", "It is being worked on; there is nothing to queue again"),
        RequeueOutcome.Accepted => Words.Of("海关已受理，不能再次上报", "Customs have accepted it; it is not sent again"),
        RequeueOutcome.SessionUsed => Words.Of("海关称该会话已使用，重发无效，请人工与海关核实", "Customs say that the session was used: sending again is in vain; clear it up with customs"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
