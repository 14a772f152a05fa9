using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>海关请求: tabs by state with counts, a filter bar, one or many retried with a summary of what became of them.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class RequestsModel(RequestTable requests, IUploadRequeue requeue, IUploadIncidents incidents) : Screen
{
    public RequestFilter Filter { get; private set; } = null!;

    public IReadOnlyDictionary<RequestState, long> Counts { get; private set; } = new Dictionary<RequestState, long>();

    public IReadOnlyList<CustomsRequest> Rows { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>What holds uploads up now, each outage once.</summary>
    public IReadOnlyList<UploadIncident> Incidents { get; private set; } = [];

    /// <summary>The tabs: a word for the address, its title, how many.</summary>
    public IEnumerable<(string State, string Title, long Count)> Tabs()
    {
        yield return ("", Say["全部", "All"], Counts.Values.Sum());
        foreach (var state in Enum.GetValues<RequestState>())
        {
            yield return (RequestStates.Word(state), Say.State(state), Counts.GetValueOrDefault(state));
        }

        yield return (RequestFilter.FailedState, Say["失败合计", "All failed"], RequestStates.Failed.Sum(state => Counts.GetValueOrDefault(state)));
    }

    /// <summary>The list with this filter in another state.</summary>
    public string Link(string? state = null) => Url.Page(null) + FilterText.Query((state is null ? Filter : Filter with { State = state }).Fields());

    public async Task OnGetAsync()
    {
        Filter = RequestFilter.Read(name => Request.Query[name], state: "");
        Incidents = await incidents.OpenAsync(HttpContext.RequestAborted);
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link()), problem);
            return;
        }

        var search = Filter.Search;
        Counts = await requests.CountByStateAsync(search, HttpContext.RequestAborted);
        var total = search.States.Count == 0 ? Counts.Values.Sum() : search.States.Sum(state => Counts[state]);
        var page = Pager.Asked(Request.Query);
        (Rows, Pager) = Pager.Of(await requests.SearchAsync(search, page, HttpContext.RequestAborted), page, request => request.Id, total, Link());
    }

    /// <summary>Retries one or a selection.</summary>
    [Operation("重试", "Retry", "id")]
    public async Task<IActionResult> OnPostRetryAsync(long[] id)
    {
        Filter = RequestFilter.Read(name => Request.Form[name], state: "");
        if (id.Length is 0 or > RequeueSummary.Most)
        {
            Tell(good: false, id.Length == 0
                ? Words.Of("未选择任何请求，未作任何更改", "No request was chosen; nothing was changed")
                : Words.Of($"一次最多重试 {RequeueSummary.Most} 条，未作任何更改", $"At most {RequeueSummary.Most} requests at a time; nothing was changed"));
            return LocalRedirect(Link());
        }

        return await RetryAsync(id, Words.Of("在海关请求页面重试", "Retried on the screen of requests"));
    }

    /// <summary>Retries everything that the filter shows.</summary>
    [Operation("重试筛选结果", "Retry all that fit", "state")]
    public async Task<IActionResult> OnPostRetryAllAsync()
    {
        Filter = RequestFilter.Read(name => Request.Form[name], state: "");
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link());
        }

        return await RetryAsync(await requests.IdsAsync(Filter.Search, RequeueSummary.Most, HttpContext.RequestAborted), Words.Of("按筛选条件批量重试", "Retried together by a filter"));
    }

    /// <summary>Lets a merchant's requests be uploaded again that customs had refused alike.</summary>
    [Operation("恢复上报", "Upload on", "merchant")]
    public async Task<IActionResult> OnPostReopenAsync(string merchant)
    {
        Filter = RequestFilter.Read(_ => "", state: "");
        var reopened = await incidents.ReopenAsync(merchant, Visitor.Name);
        Tell(reopened, reopened
            ? Words.Of($"商户 {merchant} 已恢复上报", $"Uploads of {merchant} go on")
            : Words.Of($"商户 {merchant} 的上报未被停止，未作任何更改", $"The uploads of {merchant} were not stopped; nothing was changed"));
        return LocalRedirect(Link());
    }

    private async Task<IActionResult> RetryAsync(IReadOnlyCollection<long> ids, string reason)
    {
        var counts = await requeue.RequeueAsync(ids, Visitor.Name, reason, HttpContext.RequestAborted);
        Tell(counts.Failed == 0 && counts.Requeued > 0, RequeueSummary.Of(counts));
        return LocalRedirect(Link());
    }
}
