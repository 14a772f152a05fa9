using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>忽略并说明, and 恢复, for one request or many. One that fails does not keep the others from their turn.</summary>
internal sealed class RequestMarks(RequestTable requests, ILogger<RequestMarks> logger)
{
    /// <summary>Characters of a reason. The default value is 200.</summary>
    public const int ReasonLimit = 200;

    /// <summary>What is wrong with a reason, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public static string? WhyNot(string? reason) => reason?.Trim().Length switch
    {
        null or 0 => Words.Of("请填写忽略的原因，未作任何更改", "Say why they are ignored; nothing was changed"),
        > ReasonLimit => Words.Of($"忽略的原因最多 {ReasonLimit} 字，未作任何更改", $"The reason may have {ReasonLimit} characters; nothing was changed"),
        _ => null,
    };

    /// <summary>Ignores those that have failed and that nothing will become of by itself.</summary>
    /// <returns>Whether all of it was done, and the sentence to tell.</returns>
    public Task<(bool Good, string Sentence)> IgnoreAsync(IEnumerable<long> ids, string reason, string actor) => MarkAsync(
        ids, id => requests.IgnoreAsync(id, reason.Trim(), actor), "忽略", "Ignored",
        request => request.Ignored is not null
            ? Words.Of("已被忽略", "ignored already")
            : Words.Of("未失败或仍会自动处理，不能忽略", "it has not failed, or goes on by itself: it cannot be ignored"));

    /// <summary>Takes it back.</summary>
    /// <returns>Whether all of it was done, and the sentence to tell.</returns>
    public Task<(bool Good, string Sentence)> HeedAsync(IEnumerable<long> ids, string actor) => MarkAsync(
        ids, id => requests.HeedAsync(id, actor), "恢复", "Taken back", _ => Words.Of("未被忽略", "it is not ignored"));

    private Task<(bool Good, string Sentence)> MarkAsync(IEnumerable<long> ids, Func<long, Task<bool>> mark, string zh, string en, Func<CustomsRequest, string> refusal) => Batch.RunAsync(
        ids, mark,
        async id => await requests.FindAsync(id, CancellationToken.None) is { } request ? refusal(request) : Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"),
        (problem, id) => logger.LogError(problem, "Request {RequestId} could not be marked", id), zh, en, CancellationToken.None);
}
