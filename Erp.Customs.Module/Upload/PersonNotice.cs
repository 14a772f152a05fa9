using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells the host's people what only a person can move.</summary>
internal sealed class PersonNotice(CustomsOptions options, ILogger<PersonNotice> logger, INotifier? notifier = null)
{
    /// <summary>How long the host may take. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

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
