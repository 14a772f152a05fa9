using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>A column of the list of requests.</summary>
/// <param name="Key">In the cookie of the user's choice.</param>
/// <param name="Title">Its heading, <c>中文 | English</c>.</param>
/// <param name="Cell">Its cell in a file, as it reads on the screen.</param>
internal sealed record RequestColumn(string Key, string Title, Func<CustomsRequest, ScreenWords, object?> Cell)
{
    /// <summary>Whether it is shown unless the user chose otherwise. The default value is yes.</summary>
    public bool IsUsual { get; init; } = true;

    /// <summary>By what a press of its heading sorts.</summary>
    public RequestSort? Sort { get; init; }

    /// <summary>Class of its cells.</summary>
    public string? Class { get; init; }
}

/// <summary>The columns of the list of requests, and which of them a user sees (列设置; a cookie remembers it).</summary>
internal static class RequestColumns
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "erp.customs.columns";

    /// <summary>The column that always stands there: without it nobody could tell the rows apart.</summary>
    public const string Order = "order";

    /// <summary>From left to right.</summary>
    /// <param name="now">For what still goes on.</param>
    public static IReadOnlyList<RequestColumn> All(DateTimeOffset now) =>
    [
        new("received", Words.Of("接收时间", "Received"), (request, _) => ChinaTime.ToScreen(request.ReceivedAt)) { Sort = RequestSort.Received, Class = "nowrap" },
        new(Order, Words.Of("订单编号", "Order"), (request, say) => request.OrderNo + (request.Purpose == RequestPurpose.Test ? say["（联调）", " (test)"] : "")),
        new("merchant", Words.Of("商户", "Merchant"), (request, _) => request.Merchant ?? "") { Class = "nowrap" },
        new("company", Words.Of("支付企业", "Payment company"), (request, say) => say.PaymentCompany(request.PayCode ?? "")) { Class = "nowrap" },
        new("session", Words.Of("sessionID", "sessionID"), (request, _) => request.SessionId) { Class = "mono" },
        new("state", Words.Of("状态", "State"), (request, say) => say.State(request.State) + (request.Held ? say["（已停止）", " (stopped)"] : "") + (request.Ignored is null ? "" : say["（已忽略）", " (ignored)"])) { Sort = RequestSort.State },
        new("attempts", Words.Of("发送次数", "Sent"), (request, _) => request.Attempts) { Class = "number" },
        new("elapsed", Words.Of("用时（毫秒）", "Elapsed (ms)"), (request, _) => (long)((request.FinishedAt ?? now) - request.ReceivedAt).TotalMilliseconds) { Sort = RequestSort.Elapsed, Class = "number" },
        new("deadline", Words.Of("应答期限", "Due"), (request, _) => ChinaTime.ToScreen(request.Deadline)) { IsUsual = false, Class = "nowrap" },
        new("finished", Words.Of("完成时间", "Ended"), (request, _) => Time(request.FinishedAt)) { IsUsual = false, Class = "nowrap" },
        new("next", Words.Of("下次处理", "Next try"), (request, _) => Time(request.NextAttemptAt)) { Class = "nowrap" },
        new("reply", Words.Of("海关回执", "Customs' reply"), (request, _) => $"{request.CustomsCode} {Mask.Sentence(request.CustomsMessage)}".Trim()) { Class = "reply" },
        new("failure", Words.Of("失败类别", "Class of failure"), (request, say) => say.Failure(request.Failure)) { IsUsual = false },
        new("reason", Words.Of("说明", "Reason"), (request, say) => say.Of(request.Reason)) { Class = "reason" },
        new("ignored", Words.Of("忽略说明", "Why ignored"), (request, _) => request.Ignored is { } ignored ? $"{ChinaTime.ToScreen(ignored.At)} {ignored.By} {ignored.Reason}" : "") { IsUsual = false, Class = "reason" },
    ];

    /// <summary>Those that a user sees.</summary>
    /// <param name="all">All of them.</param>
    /// <param name="cookie">His choice as <see cref="Written"/>; the usual ones without one.</param>
    public static IReadOnlyList<RequestColumn> Chosen(IReadOnlyList<RequestColumn> all, string? cookie)
    {
        var keys = cookie?.Split('.') ?? [];
        return [.. all.Where(column => column.Key == Order || (keys.Length == 0 ? column.IsUsual : keys.Contains(column.Key, StringComparer.Ordinal)))];
    }

    /// <summary>A choice for the cookie; keys that there are not are left out.</summary>
    public static string Written(IReadOnlyList<RequestColumn> all, IEnumerable<string> chosen) => string.Join('.', all.Select(column => column.Key).Where(key => key == Order || chosen.Contains(key, StringComparer.Ordinal)));

    /// <summary>Requests as a list to take away.</summary>
    /// <param name="requests">From where.</param>
    /// <param name="search">Which.</param>
    /// <param name="sorting">In which order.</param>
    /// <param name="columns">What of each.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="say">In which language.</param>
    public static ExportList ToList(RequestTable requests, RequestSearch search, (RequestSort Sort, bool Ascending) sorting, IReadOnlyList<RequestColumn> columns, long total, ScreenWords say) => new(
        say["海关请求", "customs-requests"],
        [.. columns.Select(column => say.Of(column.Title))],
        total,
        stop => ExportList.ReadAsync<CustomsRequest>(
            last => requests.SearchAsync(search, new RequestPage(ExportList.Part, sorting.Sort, sorting.Ascending) { From = last is null ? null : RequestPlace.Of(last, sorting.Sort) }, stop),
            request => [[.. columns.Select(column => column.Cell(request, say))]],
            stop));

    private static string Time(DateTimeOffset? time) => time is { } at ? ChinaTime.ToScreen(at) : "";
}
