using Erp.Customs.Module.Admin.Requests;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>Customs uploads 海关上报: customs' requests by state, order and date; what a filter finds can be queued again as a whole.</summary>
internal sealed class UploadsDispatcher(RequestTable requests, IUploadRequeue requeue, IAntiforgery antiforgery) : IDashboardDispatcher
{
    /// <summary>Rows on a page. The default value is 50.</summary>
    private const int Rows = 50;

    // Hangfire keeps what renders a page to itself; a collection of routes hands it out.
    private readonly IDashboardDispatcher _page = Renderer();

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var form = HttpMethods.IsPost(http.Request.Method) ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        if (form is not null && context.IsReadOnly)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // Nothing chosen shows what failed.
        var filter = RequestFilter.Read(name => form is null ? http.Request.Query[name] : form[name], RequestFilter.FailedState);
        var isValid = filter.Problem is null;
        var who = http.RequestServices.GetRequiredService<DashboardVisitor>().User!.Name;
        var batch = form is null || !isValid ? null : await RequeueAsync(filter, who, http.RequestAborted);
        var rows = isValid ? await requests.SearchAsync(filter.Search, new RequestPage(Rows + 1) { From = RequestPlace.Read(http.Request.Query["before"]) }, http.RequestAborted) : [];
        http.Features.Set(new UploadsView(
            filter,
            [.. rows.Take(Rows)],
            isValid ? await requests.CountAsync(filter.Search, http.RequestAborted) : 0,
            rows.Count > Rows ? RequestPlace.Of(rows[Rows - 1], RequestSort.Received).ToString() : null,
            Confirming: form is null && http.Request.Query.ContainsKey("confirm"),
            batch,
            antiforgery.GetAndStoreTokens(http)));
        await _page.Dispatch(context);
    }

    private static IDashboardDispatcher Renderer()
    {
        var routes = new RouteCollection();
        routes.AddRazorPage("/", _ => new UploadsPage());
        return routes.FindDispatcher("/").Item1;
    }

    private async Task<RequeueCounts> RequeueAsync(RequestFilter filter, string who, CancellationToken cancellationToken)
    {
        var ids = await requests.IdsAsync(filter.Search, RequeueSummary.Most, cancellationToken);
        return await requeue.RequeueAsync(ids, who, Words.Of("按条件批量重新排队", "Queued again together with others"), seenAt: null, cancellationToken);
    }
}

/// <summary>What the page shows.</summary>
/// <param name="Filter">As asked for.</param>
/// <param name="Rows">The requests, newest first.</param>
/// <param name="Total">How many fit.</param>
/// <param name="Next">Where the next page begins; <see langword="null"/> on the last.</param>
/// <param name="Confirming">Whether the user is asked if he means it.</param>
/// <param name="Batch">What a press of the button did.</param>
/// <param name="Tokens">For the form.</param>
internal sealed record UploadsView(
    RequestFilter Filter, IReadOnlyList<CustomsRequest> Rows, long Total, string? Next, bool Confirming, RequeueCounts? Batch, AntiforgeryTokenSet Tokens);
