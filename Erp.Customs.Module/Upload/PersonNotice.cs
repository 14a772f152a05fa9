using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells the host's people that a request of customs stands where only a person can move it.</summary>
internal sealed class PersonNotice(CustomsOptions options, ILogger<PersonNotice> logger, INotifier? notifier = null)
{
    /// <summary>How long the host may take. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Tells, if the state is one for a person and customs are waiting. A host that cannot be reached is logged and holds nothing up.</summary>
    public async Task TellAsync(CustomsRequest request, StateChange change)
    {
        if (notifier is null || request.Purpose != RequestPurpose.Customs || change.State is not (RequestState.NeedsPerson or RequestState.Rejected or RequestState.SessionUsed))
        {
            return;
        }

        var notice = new Notice(
            NoticeLevel.Alarm, $"海关请求需人工处理：订单 {request.OrderNo} | A request of customs needs a person: order {request.OrderNo}", change.Reason, options.BasePath + "/admin");
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await notifier.NotifyAsync(notice, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception problem)
        {
            logger.LogWarning("The host could not be told about request {RequestId}: {Problem}", request.Id, problem.GetType().Name);
        }
    }
}
