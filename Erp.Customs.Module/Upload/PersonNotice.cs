using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells the host's people what only a person can move.</summary>
internal sealed class PersonNotice(CustomsOptions options, ILogger<PersonNotice> logger, INotifier? notifier = null)
{
    /// <summary>How long the host may take. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Orders named in a notice about many. The default value is 5.</summary>
    private const int OrdersNamed = 5;

    /// <summary>Tells, if the state is one for a person and customs are waiting.</summary>
    public Task TellAsync(CustomsRequest request, StateChange change) =>
        request.Purpose == RequestPurpose.Customs && change.State is (RequestState.NeedsPerson or RequestState.Rejected or RequestState.SessionUsed)
            ? TellAsync($"海关请求需人工处理：订单 {request.OrderNo} | A request of customs needs a person: order {request.OrderNo}", change.Reason)
            : Task.CompletedTask;

    /// <summary>Tells that a merchant's uploads are stopped.</summary>
    public Task TellOfStopAsync(CustomsRequest request, StateChange change) => request.Purpose == RequestPurpose.Customs
        ? TellAsync(
            $"商户 {request.Merchant} 的上报已停止，须人工恢复 | Uploads of merchant {request.Merchant} are stopped until a person reopens them", change.Reason)
        : Task.CompletedTask;

    /// <summary>Tells that half of the time for answers is gone.</summary>
    /// <param name="late">The requests, the earliest deadline first; at least one.</param>
    /// <param name="now">The time.</param>
    public Task TellOfDeadlineAsync(IReadOnlyList<CustomsRequest> late, DateTimeOffset now)
    {
        var orders = string.Join(", ", late.Take(OrdersNamed).Select(request => request.OrderNo)) + (late.Count > OrdersNamed ? " …" : "");
        var (first, left) = (late[0], (long)(late[0].Deadline - now).TotalSeconds);
        var (state, reason) = (RequestStates.Word(first.State), first.Reason.Length == 0 ? Words.Of("正在处理", "under way") : first.Reason);
        return TellAsync(
            $"海关请求时限已过半仍未答复（{late.Count} 条）：订单 {orders} | Half of the time for customs' requests is gone ({late.Count}): orders {orders}",
            Words.Of(
                $"最早一条距时限 {left} 秒，状态 {state}：{Words.In(reason, english: false)}",
                $"The first is due in {left} s and stands at {state}: {Words.In(reason, english: true)}"));
    }

    /// <summary>A host that cannot be reached is logged and holds nothing up.</summary>
    private async Task TellAsync(string subject, string text)
    {
        if (notifier is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await notifier.NotifyAsync(new Notice(NoticeLevel.Alarm, subject, text, options.BasePath + "/admin"), limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception problem)
        {
            logger.LogWarning("The host could not be told that customs wait for a person: {Problem}", problem.GetType().Name);
        }
    }
}
