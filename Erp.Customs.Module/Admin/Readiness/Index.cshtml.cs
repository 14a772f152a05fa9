using System.Globalization;

namespace Erp.Customs.Module.Admin.Readiness;

/// <summary>近三日订单 N，可应答海关 M, with the list of the rest and why.</summary>
[Needs(CustomsPermissions.View)]
internal sealed class ReadinessModel(ReadinessCheck check) : Screen
{
    /// <summary>Rows on a page. The default value is 100.</summary>
    private const int RowsOnPage = 100;

    public ReadinessReport Report { get; private set; } = null!;

    /// <summary>Why orders are not ready, and how many for each reason, the commonest first.</summary>
    public IReadOnlyList<(string Reason, int Count)> Reasons { get; private set; } = [];

    public IReadOnlyList<UnreadyOrder> Rows { get; private set; } = [];

    /// <summary>From 1.</summary>
    public int PageNumber { get; private set; }

    public int Pages { get; private set; }

    public async Task OnGetAsync()
    {
        Report = await check.RunAsync(HttpContext.RequestAborted);
        Reasons = [.. Report.Rest.GroupBy(order => order.Reason, StringComparer.Ordinal).Select(group => (group.Key, group.Count())).OrderByDescending(reason => reason.Item2)];
        Pages = Math.Max(1, (Report.Rest.Count + RowsOnPage - 1) / RowsOnPage);
        PageNumber = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, Pages) : 1;
        Rows = [.. Report.Rest.Skip((PageNumber - 1) * RowsOnPage).Take(RowsOnPage)];
    }
}
