using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>Tells job engines how requests stand, read from the table each time.</summary>
internal sealed class UploadRecord(RequestTable requests) : IUploadRecord
{
    private static readonly RequestSearch s_failed = new() { States = RequestStates.Failed, Ignored = false };

    /// <inheritdoc/>
    public async Task<UploadStanding?> FindAsync(long requestId, CancellationToken cancellationToken) =>
        await requests.FindAsync(requestId, cancellationToken) is { } request ? Standing(request) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UploadStanding>> FailedAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await requests.SearchAsync(s_failed, new RequestPage(limit), cancellationToken)).Select(Standing)];

    private static UploadStanding Standing(CustomsRequest request)
    {
        // Data that came in meanwhile makes a failed one due again; a worker that holds it is waited for.
        var dueAt = request.Held ? null : request.NextAttemptAt is { } next && request.LeaseUntil is { } lease && lease > next ? lease : request.NextAttemptAt;
        return new(request.Id, request.OrderNo, request.SessionId, Reason(request), request.Held || (request.Ignored is null && s_failed.States.Contains(request.State)), dueAt);
    }

    private static string Reason(CustomsRequest request)
    {
        var (zh, en) = request.State switch
        {
            RequestState.Rejected => ("被海关退回", "Rejected by customs"),
            RequestState.SessionUsed => ("会话已用", "Session used"),
            RequestState.NeedsPerson => ("需人工处理", "Needs a person"),
            _ => ("", ""),
        };
        return zh.Length == 0 ? request.Reason
            : Words.Of($"{zh}：{Words.In(request.Reason, english: false)}", $"{en}: {Words.In(request.Reason, english: true)}");
    }
}
