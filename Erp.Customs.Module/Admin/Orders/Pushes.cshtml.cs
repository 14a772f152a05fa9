using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>订单与支付, second half: the orders at the payment-customs bridge, pushed again or asked about now, one or a selection.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed partial class PushesModel(BridgeTable table, IOrderPushes pushes, ExportDesk desk) : Screen
{
    /// <summary>Orders in one press of a button. The default value is 200.</summary>
    private const int Most = 200;

    public OrderFilter Filter { get; private set; } = null!;

    public IReadOnlyDictionary<BridgeState, long> Counts { get; private set; } = new Dictionary<BridgeState, long>();

    public IReadOnlyList<(BridgeOrder Order, OrderPush Push)> Rows { get; private set; } = [];

    /// <summary>Merchants whose pushes the bridge has refused.</summary>
    public IReadOnlyList<BridgeStop> Stops { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>The tabs: a word for the address, its title, how many.</summary>
    public IEnumerable<(string State, string Title, long Count)> Tabs() => Enum.GetValues<BridgeState>()
        .Select(state => (EnumWords<BridgeState>.Word(state), Say.State(state), Counts.GetValueOrDefault(state)))
        .Prepend(("", Say["全部", "All"], Counts.Values.Sum()));

    /// <summary>The list with this filter in another state.</summary>
    public string Link(string? state = null) => Url.Page(null) + FilterText.Query([.. (state is null ? Filter : Filter with { State = state }).Fields(), ("list", "1")]);

    /// <summary>海关 by code and name.</summary>
    public string Customs(string code) => pushes.CustomsNames.TryGetValue(code, out var name) ? $"{code} {name}" : code;

    public async Task OnGetAsync()
    {
        Filter = OrderFilter.Read(name => Request.Query[name]);
        Stops = await table.StopsAsync(HttpContext.RequestAborted);
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link()), problem);
            return;
        }

        var search = Filter.Pushes;
        Counts = await table.CountByStateAsync(search, HttpContext.RequestAborted);
        var total = search.States.Count == 0 ? Counts.Values.Sum() : search.States.Sum(state => Counts[state]);
        var page = Pager.Asked(Request.Query);
        (var rows, Pager) = Pager.Of(await table.SearchAsync(search, page, HttpContext.RequestAborted), page, order => order.Id, total, Link());
        Rows = [.. rows.Select(order => (order, pushes.Read(order)))];
    }

    /// <summary>Pushes one or a selection again as they are.</summary>
    public Task<IActionResult> OnPostPushAsync(long[] id) => ActAsync(id, pushes.PushAgainAsync, "重推结果", "Pushed again", "当前状态不需要重推", "not where a push could help");

    /// <summary>Asks GetOrder about one or a selection now.</summary>
    public Task<IActionResult> OnPostAskAsync(long[] id) => ActAsync(id, pushes.AskNowAsync, "查询结果", "Asked", "尚未推送或已完成", "never pushed, or done");

    /// <summary>Lets a merchant's orders be pushed again.</summary>
    public async Task<IActionResult> OnPostReopenAsync(string merchant)
    {
        Filter = OrderFilter.Read(_ => "");
        var reopened = await pushes.ReopenAsync(merchant, Visitor.Name, HttpContext.RequestAborted);
        Tell(reopened, reopened
            ? Words.Of($"商户 {merchant} 已恢复推单", $"Orders of {merchant} are pushed again")
            : Words.Of($"商户 {merchant} 的推单未被停止，未作任何更改", $"The pushes of {merchant} were not stopped; nothing was changed"));
        return LocalRedirect(Link());
    }

    private async Task<IActionResult> ActAsync(long[] ids, Func<long, string, Task<bool>> act, string zh, string en, string skippedZh, string skippedEn)
    {
        Filter = OrderFilter.Read(name => Request.Form[name]);
        if (ids.Length is 0 or > Most)
        {
            Tell(good: false, ids.Length == 0
                ? Words.Of("未选择任何订单，未作任何更改", "No order was chosen; nothing was changed")
                : Words.Of($"一次最多 {Most} 个订单，未作任何更改", $"At most {Most} orders at a time; nothing was changed"));
            return LocalRedirect(Link());
        }

        var done = 0;
        foreach (var id in ids)
        {
            done += await act(id, Visitor.Name) ? 1 : 0;
        }

        var skipped = ids.Length - done;
        Tell(done > 0, Words.Of(
            $"{zh}：已安排 {done}　跳过 {skipped}{(skipped > 0 ? $"（{skippedZh}）" : "")}", $"{en}: {done} under way, {skipped} skipped{(skipped > 0 ? $" ({skippedEn})" : "")}"));
        return LocalRedirect(Link());
    }
}
