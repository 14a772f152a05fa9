using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>订单与支付, first half: the payments in the archive with their orders.</summary>
[Needs(CustomsPermissions.View)]
internal sealed partial class PaymentsModel(PaymentArchive archive, ExportDesk desk, PastedOrders pasted) : Screen
{
    /// <summary>Orders of a payment that its row names; the rest are in the detail. The default value is 5.</summary>
    public const int OrdersShown = 5;

    /// <summary>Payments of a filter that are counted. The default value is 10,000.</summary>
    private const int CountLimit = 10_000;

    public OrderFilter Filter { get; private set; } = null!;

    public IReadOnlyList<PaymentSummary> Rows { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    private string Link => Url.Page(null) + FilterText.Query([.. Filter.Fields(), ("list", "1")]);

    public Task OnGetAsync()
    {
        Filter = OrderFilter.Read(name => Request.Query[name], pasted);
        return ShowAsync();
    }

    /// <summary>Searches: more order numbers may be pasted than an address can hold.</summary>
    [HandlerNeeds(CustomsPermissions.View)]
    public Task<IActionResult> OnPostSearchAsync()
    {
        Filter = OrderFilter.Read(name => Request.Form[name], pasted);
        return SearchedAsync(Filter.Problem, Link, ShowAsync);
    }

    private async Task ShowAsync()
    {
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link), problem);
            return;
        }

        var (search, stop) = (Filter.Payments, HttpContext.RequestAborted);
        var total = search.IsWhole ? await archive.CountAsync(search, stop) : await archive.CountAsync(search, CountLimit + 1, stop);
        var isCut = !search.IsWhole && total > CountLimit;
        var after = PaymentPlace.Read(Request.Query["after"]);
        var page = new PaymentPage(Pager.Rows + 1) { From = after ?? PaymentPlace.Read(Request.Query["before"]), Backwards = after is not null };
        (Rows, Pager) = Pager.Of(
            await archive.SearchAsync(search, page, stop), Pager.Rows, page.Backwards, page.From is null, payment => payment.Place.ToString(), isCut ? CountLimit : total, Link);
        Pager = Pager with { IsCut = isCut };
    }
}
