using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>海关请求: tabs by state with counts, a filter bar, columns to choose and to sort by; one or many retried, ignored or taken away as a file, with a summary of what became of them.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class RequestsModel(RequestTable requests, IUploadRequeue requeue, IUploadIncidents incidents, RequestMarks marks, ExportDesk desk, PastedOrders pasted) : Screen
{
    /// <summary>Rows of a filter that are counted. The default value is 10,000: counting a million one by one would keep the clerk waiting.</summary>
    private const int CountLimit = 10_000;

    /// <summary>How long the choice of columns is remembered. The default value is 400 days, the most that browsers keep.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromDays(400);

    public RequestFilter Filter { get; private set; } = null!;

    /// <summary>How many there are in each state, without those that are ignored; <see langword="null"/> where there are too many to count them for each.</summary>
    public IReadOnlyDictionary<RequestState, long>? Counts { get; private set; } = new Dictionary<RequestState, long>();

    /// <summary>How many are ignored.</summary>
    public long Ignored { get; private set; }

    public IReadOnlyList<CustomsRequest> Rows { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>What holds uploads up now, each outage once.</summary>
    public IReadOnlyList<UploadIncident> Incidents { get; private set; } = [];

    /// <summary>Every column.</summary>
    public IReadOnlyList<RequestColumn> AllColumns { get; private set; } = [];

    /// <summary>Those that the user sees.</summary>
    public IReadOnlyList<RequestColumn> Columns { get; private set; } = [];

    /// <summary>Whether rows can be chosen: there is something to do with them.</summary>
    public bool MayChoose => MayAct || MayExport;

    /// <summary>The tabs: a word for the address, its title, how many (or that they are too many to count).</summary>
    public IEnumerable<(string State, string Title, string Count)> Tabs()
    {
        yield return ("", Say["全部", "All"], Counts is null ? $"{CountLimit:N0}+" : Shown(Counts.Values.Sum() + Ignored));
        foreach (var state in Enum.GetValues<RequestState>())
        {
            yield return (RequestStates.Word(state), Say.State(state), Shown(Counts?.GetValueOrDefault(state)));
        }

        yield return (RequestFilter.FailedState, Say["失败合计", "All failed"], Shown(Counts is null ? null : RequestStates.Failed.Sum(state => Counts.GetValueOrDefault(state))));
        yield return (RequestFilter.IgnoredState, Say["已忽略", "Ignored"], Shown(Ignored));

        static string Shown(long? count) => count is { } known ? known.ToString("N0", System.Globalization.CultureInfo.InvariantCulture) : "";
    }

    /// <summary>The list with this filter in another state.</summary>
    public string Link(string? state = null) => Link(state is null ? Filter : Filter with { State = state });

    /// <summary>The list as a filter has it.</summary>
    public string Link(RequestFilter filter) => Url.Page(null) + FilterText.Query(filter.Fields());

    /// <summary>A time of the filter as its input takes it: a day alone gets its first or last minute.</summary>
    public static string Minute(string text, string ofDay) => FilterText.Day(text) is null ? text : $"{text}T{ofDay}";

    /// <summary>How a column stands for who hears the page: ascending, descending, none, or <see langword="null"/> where it does not sort.</summary>
    public string? Sorted(RequestColumn column) =>
        column.Sort is not { } sort ? null
        : Filter.Problem is not null || Filter.Sorting.Sort != sort ? "none"
        : Filter.Sorting.Ascending ? "ascending" : "descending";

    public Task OnGetAsync()
    {
        Filter = Read(name => Request.Query[name]);
        return ShowAsync();
    }

    /// <summary>Searches: more order numbers may be pasted than an address can hold.</summary>
    [HandlerNeeds(CustomsPermissions.View)]
    public Task<IActionResult> OnPostSearchAsync()
    {
        Filter = Read(name => Request.Form[name]);
        return SearchedAsync(Filter.Problem, Link(), ShowAsync);
    }

    /// <summary>Retries one or a selection.</summary>
    [Operation("重试", "Retry", "id")]
    public async Task<IActionResult> OnPostRetryAsync(long[] id)
    {
        Filter = Read(name => Request.Form[name]);
        return Wrong(id, "重试", "be retried") ?? await RetryAsync(id, Words.Of("在海关请求页面重试", "Retried on the screen of requests"));
    }

    /// <summary>Retries everything that the filter shows.</summary>
    [Operation("重试筛选结果", "Retry all that fit", "state")]
    public async Task<IActionResult> OnPostRetryAllAsync()
    {
        Filter = Read(name => Request.Form[name]);
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link());
        }

        return await RetryAsync(await requests.IdsAsync(Filter.Search, RequeueSummary.Most, HttpContext.RequestAborted), Words.Of("按筛选条件批量重试", "Retried together by a filter"));
    }

    /// <summary>忽略并说明: takes chosen ones that are not going to be mended out of what people are told.</summary>
    [Operation("忽略", "Ignore", "id")]
    public async Task<IActionResult> OnPostIgnoreAsync(long[] id, string? reason)
    {
        Filter = Read(name => Request.Form[name]);
        if (Wrong(id, "忽略", "be ignored") is { } wrong)
        {
            return wrong;
        }

        var (good, sentence) = RequestMarks.WhyNot(reason) is { } problem ? (false, problem) : await marks.IgnoreAsync(id, reason!, Visitor.Name);
        Tell(good, sentence);
        return LocalRedirect(Link());
    }

    /// <summary>恢复: takes that back.</summary>
    [Operation("取消忽略", "Take back", "id")]
    public async Task<IActionResult> OnPostHeedAsync(long[] id)
    {
        Filter = Read(name => Request.Form[name]);
        if (Wrong(id, "恢复", "be taken back") is { } wrong)
        {
            return wrong;
        }

        var (good, sentence) = await marks.HeedAsync(id, Visitor.Name);
        Tell(good, sentence);
        return LocalRedirect(Link());
    }

    /// <summary>Hands out what the filter shows.</summary>
    [Operation("导出筛选结果", "Export all that fit", "format")]
    [HandlerNeeds(CustomsPermissions.Export)]
    public async Task<IActionResult> OnPostExportAsync(string? format)
    {
        Filter = Read(name => Request.Form[name]);
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link());
        }

        return await HandOutAsync(Filter.Search, format);
    }

    /// <summary>Hands out the chosen ones.</summary>
    [Operation("导出所选", "Export the chosen", "id")]
    [HandlerNeeds(CustomsPermissions.Export)]
    public async Task<IActionResult> OnPostExportChosenAsync(long[] id, string? format)
    {
        Filter = Read(name => Request.Form[name]);
        return Wrong(id, "导出", "be exported") ?? await HandOutAsync(new RequestSearch { Ids = id }, format);
    }

    /// <summary>Remembers which columns the user wants to see; the usual ones when he chose none.</summary>
    [HandlerNeeds(CustomsPermissions.View)]
    public IActionResult OnPostColumns(string[] column)
    {
        Filter = Read(name => Request.Form[name]);
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = Request.IsHttps, Path = Url.Page(null), MaxAge = s_remembered, IsEssential = true };
        if (column.Length == 0)
        {
            Response.Cookies.Delete(RequestColumns.Cookie, options);
        }
        else
        {
            Response.Cookies.Append(RequestColumns.Cookie, RequestColumns.Written(AllColumns, column), options);
        }

        return LocalRedirect(Link());
    }

    /// <summary>Lets a merchant's requests be uploaded again that customs had refused alike.</summary>
    [Operation("恢复上报", "Upload on", "merchant")]
    public async Task<IActionResult> OnPostReopenAsync(string merchant)
    {
        Filter = Read(_ => "");
        var reopened = await incidents.ReopenAsync(merchant, Visitor.Name);
        Tell(reopened, reopened
            ? Words.Of($"商户 {merchant} 已恢复上报", $"Uploads of {merchant} go on")
            : Words.Of($"商户 {merchant} 的上报未被停止，未作任何更改", $"The uploads of {merchant} were not stopped; nothing was changed"));
        return LocalRedirect(Link());
    }

    private async Task ShowAsync()
    {
        var stop = HttpContext.RequestAborted;
        Incidents = await incidents.OpenAsync(stop);
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link()), problem);
            return;
        }

        var search = Filter.Search;
        var (total, isCut) = await CountAsync(search, stop);
        var (sort, ascending) = Filter.Sorting;
        var after = RequestPlace.Read(Request.Query["after"]);
        var page = new RequestPage(Filter.Length + 1, sort, ascending) { From = after ?? RequestPlace.Read(Request.Query["before"]), Backwards = after is not null };
        (Rows, Pager) = Pager.Of(await requests.SearchAsync(search, page, stop), Filter.Length, page.Backwards, page.From is null, request => RequestPlace.Of(request, sort).ToString(), total, Link());
        Pager = Pager with
        {
            IsCut = isCut,
            Lengths = [.. RequestFilter.Lengths.Select(length => (length, Link(Filter with { Rows = length == Pager.Rows ? "" : $"{length}" }), length == Filter.Length))],
        };
    }

    private RequestFilter Read(Func<string, Microsoft.Extensions.Primitives.StringValues> field)
    {
        AllColumns = RequestColumns.All(Now);
        Columns = RequestColumns.Chosen(AllColumns, Request.Cookies[RequestColumns.Cookie]);
        var filter = RequestFilter.Read(field, state: "");
        var (orders, name) = pasted.Read(filter.Order);
        return filter with { Order = orders, OrderName = name };
    }

    /// <summary>Fills the tabs.</summary>
    /// <returns>How many the chosen tab has, and whether there are more that were not counted.</returns>
    private async Task<(long Total, bool IsCut)> CountAsync(RequestSearch search, CancellationToken stop)
    {
        var any = search with { States = [], Ignored = null };
        var all = any.IsWhole ? await requests.CountByStateAsync(any, stop) : await requests.CountByStateAsync(any, CountLimit + 1, stop);
        var ignored = await requests.CountByStateAsync(any with { Ignored = true }, stop);
        Ignored = ignored.Values.Sum();
        if (!any.IsWhole && all.Values.Sum() > CountLimit)
        {
            Counts = null;
            var total = await requests.CountAsync(search, CountLimit + 1, stop);
            return (Math.Min(total, CountLimit), total > CountLimit);
        }

        Counts = all.ToDictionary(state => state.Key, state => state.Value - ignored[state.Key]);
        return search.Ignored switch
        {
            true => (Ignored, false),
            false => (search.States.Sum(state => Counts[state]), false),
            null => (all.Values.Sum(), false),
        };
    }

    private LocalRedirectResult? Wrong(long[] ids, string zh, string en)
    {
        if (ids.Length is > 0 and <= RequeueSummary.Most)
        {
            return null;
        }

        Tell(good: false, ids.Length == 0
            ? Words.Of("未选择任何请求，未作任何更改", "No request was chosen; nothing was changed")
            : Words.Of($"一次最多{zh} {RequeueSummary.Most} 条，未作任何更改", $"At most {RequeueSummary.Most} requests can {en} at a time; nothing was changed"));
        return LocalRedirect(Link());
    }

    private async Task<IActionResult> HandOutAsync(RequestSearch search, string? format)
    {
        var stop = HttpContext.RequestAborted;
        var list = RequestColumns.ToList(requests, search, Filter.Problem is null ? Filter.Sorting : default, Columns, await requests.CountAsync(search, stop), Say);
        return await HandOutAsync(desk, list, format, Link());
    }

    private async Task<IActionResult> RetryAsync(IReadOnlyCollection<long> ids, string reason)
    {
        var counts = await requeue.RequeueAsync(ids, Visitor.Name, reason, SeenAt, HttpContext.RequestAborted);
        Tell(counts.Failed == 0 && counts.Requeued > 0, RequeueSummary.Of(counts));
        return LocalRedirect(Link());
    }
}
