using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells people that a request of customs stands where only a person can move it.</summary>
internal sealed class PersonNotice(AlertOutbox alerts)
{
    /// <summary>Tells, if the state is one for a person and customs are waiting.</summary>
    public Task TellAsync(CustomsRequest request, StateChange change) =>
        request.Purpose == RequestPurpose.Customs && RequestStates.Failed.Contains(change.State)
            ? alerts.RaiseAsync(new Alert(
                AlertKind.RequestNeedsPerson, request.Merchant ?? "", NoticeLevel.Alarm,
                Words.Of($"海关请求需人工处理：订单 {request.OrderNo}", $"A request of customs needs a person: order {request.OrderNo}"), change.Reason))
            : Task.CompletedTask;
}
