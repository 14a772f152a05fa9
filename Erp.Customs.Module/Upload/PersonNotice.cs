using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells people what only a person can move, and that the time for answers runs out.</summary>
internal sealed class PersonNotice(AlertOutbox alerts)
{
    /// <summary>Orders named in a notice about many. The default value is 5.</summary>
    private const int OrdersNamed = 5;

    /// <summary>The change, with what people are to be told of it, if anything: customs wait and the state is one for a person, or the merchant's uploads stop.</summary>
    /// <param name="request">As it stood; its merchant is known where the change stops it.</param>
    /// <param name="change">What it comes to.</param>
    public StateChange With(CustomsRequest request, StateChange change) => change with
    {
        Also = request.Purpose == RequestPurpose.Customs && RequestStates.Failed.Contains(change.State)
            ? alerts.Writing(new Alert(
                AlertKind.RequestNeedsPerson, request.Merchant ?? "", NoticeLevel.Alarm,
                Words.Of($"海关请求需人工处理：订单 {request.OrderNo}", $"A request of customs needs a person: order {request.OrderNo}"), change.Reason))
            : null,
        AlsoWhenStopped = change.StopCode is null ? null : OfStop(request.Merchant ?? "", change.Reason),
    };

    /// <summary>That a merchant's uploads are stopped.</summary>
    public AlsoWrite OfStop(string merchant, string reason) => alerts.Writing(new Alert(
        AlertKind.UploadsStopped, merchant, NoticeLevel.Alarm,
        Words.Of($"商户 {merchant} 的上报已停止，须人工恢复", $"Uploads of merchant {merchant} are stopped until a person reopens them"), reason));

    /// <summary>That one of a merchant's signers is closed while others sign.</summary>
    public AlsoWrite OfClosedSigner(string merchant, string signer, string reason) => alerts.Writing(new Alert(
        AlertKind.SignerClosed, merchant, NoticeLevel.Alarm,
        Words.Of($"商户 {merchant} 的签名设备 {signer} 已停用，须人工恢复；其余设备继续签名", $"Signer {signer} of merchant {merchant} is closed until a person reopens it; the others go on signing"), reason));

    /// <summary>Tells once that customs do not answer, however many requests wait for the end of it.</summary>
    /// <param name="reason">The last failure, in words.</param>
    public Task TellOfOutageAsync(string reason) => alerts.RaiseAsync(
        new Alert(AlertKind.CustomsAway, "", NoticeLevel.Alarm, Words.Of("海关上报地址不可用，恢复后自动继续", "Customs do not answer; uploads go on by themselves when they do"), reason));

    /// <summary>Tells once that none of a merchant's signers signs, however many requests wait for the end of it.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="reason">The last failure, in words.</param>
    public Task TellOfOutageAsync(string merchant, string reason) => alerts.RaiseAsync(new Alert(
        AlertKind.SignerAway, merchant, NoticeLevel.Alarm,
        Words.Of($"商户 {merchant} 的签名设备不可用，恢复后自动继续", $"The signer of merchant {merchant} does not answer; uploads go on by themselves when it does"), reason));

    /// <summary>Tells once that one of a merchant's signers does not sign while others do.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="signer">Its name.</param>
    /// <param name="reason">The last failure, in words.</param>
    public Task TellOfOutageAsync(string merchant, string signer, string reason) => alerts.RaiseAsync(new Alert(
        AlertKind.SignerAway, merchant, NoticeLevel.Warning,
        Words.Of($"商户 {merchant} 的签名设备 {signer} 不可用，由后备设备签名", $"Signer {signer} of merchant {merchant} does not sign; the others stand in for it"), reason));

    /// <summary>That half of the time for answers is gone.</summary>
    /// <param name="late">The requests, the earliest deadline first; at least one.</param>
    /// <param name="now">The time.</param>
    public AlsoWrite OfDeadline(IReadOnlyList<CustomsRequest> late, DateTimeOffset now)
    {
        var orders = string.Join(", ", late.Take(OrdersNamed).Select(request => request.OrderNo)) + (late.Count > OrdersNamed ? " …" : "");
        var (first, left) = (late[0], (long)(late[0].Deadline - now).TotalSeconds);
        var (state, reason) = (RequestStates.Word(first.State), first.Reason.Length == 0 ? Words.Of("正在处理", "under way") : first.Reason);
        return alerts.Writing(new Alert(
            AlertKind.DeadlineNear, "", NoticeLevel.Alarm,
            Words.Of($"海关请求时限已过半仍未答复（{late.Count} 条）：订单 {orders}", $"Half of the time for customs' requests is gone ({late.Count}): orders {orders}"),
            Words.Of(
                $"最早一条距时限 {left} 秒，状态 {state}：{Words.In(reason, english: false)}",
                $"The first is due in {left} s and stands at {state}: {Words.In(reason, english: true)}")));
    }
}
