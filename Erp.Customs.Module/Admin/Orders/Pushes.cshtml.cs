using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>订单与支付, second half: the orders at the payment-customs bridge, pushed again or asked about now: one, a selection, or all that a filter shows.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed partial class PushesModel(BridgeTable table, IOrderPushes pushes, ExportDesk desk, PastedOrders pasted, ILogger<PushesModel> logger) : Screen
{
    /// <summary>Orders in one press of a button. The default value is 1,000, the oldest.</summary>
    public const int Most = 1_000;

    public OrderFilter Filter { get; private set; } = null!;

    public IReadOnlyDictionary<BridgeState, long> Counts { get; private set; } = new Dictionary<BridgeState, long>();

    public IReadOnlyList<(BridgeOrder Order, OrderPush Push)> Rows { get; private set; } = [];

    /// <summary>Which of the rows are paid by a payment in the archive and not at the bridge.</summary>
    public IReadOnlySet<long> PaidHereAlone { get; private set; } = new HashSet<long>();

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
        return SearchedAsync(Filter.Problem, Link(), ShowAsync);
    }

    /// <summary>Pushes one or a selection again as they are.</summary>
    [Operation("重推订单", "Push again", "id")]
    public Task<IActionResult> OnPostPushAsync(long[] id) => ChosenAsync(id, push: true);

    /// <summary>Asks GetOrder about one or a selection now.</summary>
    [Operation("查询订单", "Ask the bridge", "id")]
    public Task<IActionResult> OnPostAskAsync(long[] id) => ChosenAsync(id, push: false);

    /// <summary>Pushes everything again that the filter shows.</summary>
    [Operation("重推筛选出的全部订单", "Push all of the filter again")]
    public Task<IActionResult> OnPostPushAllAsync() => AllAsync(push: true);

    /// <summary>Asks GetOrder about everything that the filter shows.</summary>
    [Operation("查询筛选出的全部订单", "Ask the bridge about all of the filter")]
    public Task<IActionResult> OnPostAskAllAsync() => AllAsync(push: false);

    /// <summary>Lets a merchant's orders be pushed again.</summary>
    [Operation("恢复推单", "Push on", "merchant")]
    public async Task<IActionResult> OnPostReopenAsync(string merchant)
    {
        Filter = OrderFilter.Read(_ => "", pasted);
        var reopened = await pushes.ReopenAsync(merchant, Visitor.Name, HttpContext.RequestAborted);
        Tell(reopened, reopened
            ? Words.Of($"商户 {merchant} 已恢复推单", $"Orders of {merchant} are pushed again")
            : Words.Of($"商户 {merchant} 的推单未被停止，未作任何更改", $"The pushes of {merchant} were not stopped; nothing was changed"));
        return LocalRedirect(Link());
    }

    private async Task ShowAsync()
    {
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
        PaidHereAlone = await table.PaidHereAloneAsync([.. rows.Select(order => order.Id)], HttpContext.RequestAborted);
    }

    private async Task<IActionResult> ChosenAsync(long[] ids, bool push)
    {
        Filter = OrderFilter.Read(name => Request.Form[name], pasted);
        if (ids.Length is 0 or > Most)
        {
            Tell(good: false, ids.Length == 0
                ? Words.Of("未选择任何订单，未作任何更改", "No order was chosen; nothing was changed")
                : Words.Of($"一次最多 {Most:N0} 个订单，未作任何更改", $"At most {Most:N0} orders at a time; nothing was changed"));
            return LocalRedirect(Link());
        }

        return await ActAsync(ids, push);
    }

    private async Task<IActionResult> AllAsync(bool push)
    {
        Filter = OrderFilter.Read(name => Request.Form[name], pasted);
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link());
        }

        // Where the filter leaves the state open, those alone are taken that it could help.
        var search = Filter.Pushes;
        BridgeState[] helped = push ? [BridgeState.DataError, BridgeState.NeedsPerson, BridgeState.WaitingRetry] : [.. Enum.GetValues<BridgeState>().Except([BridgeState.Pending, BridgeState.Done])];
        return await ActAsync(await table.IdsAsync(search.States.Count > 0 ? search : search with { States = helped }, Most, HttpContext.RequestAborted), push);
    }

    private async Task<IActionResult> ActAsync(IReadOnlyCollection<long> ids, bool push)
    {
        var stop = HttpContext.RequestAborted;
        var (good, sentence) = await Batch.RunAsync(
            ids, id => push ? pushes.PushAgainAsync(id, Visitor.Name) : pushes.AskNowAsync(id, Visitor.Name), async id => WhyNot(await table.FindAsync(id, stop), push),
            (problem, id) => logger.LogError(problem, "Order {BridgeOrderId} could not be pushed again or asked about", id), push ? "重推" : "查询", push ? "Pushed again" : "Asked about", stop);
        Tell(good, sentence);
        return LocalRedirect(Link());
    }

    /// <summary>Why an order is left as it is, <c>中文 | English</c>.</summary>
    private static string WhyNot(BridgeOrder? order, bool push) => order switch
    {
        null => Words.Of("没有这条推单，可能已超过留存期", "there is no such order; it may be past its term"),
        { State: BridgeState.Done } => Words.Of("已支付并报关", "paid and declared"),
        { Attempts: 0 } when !push => Words.Of("从未推送，无从查询", "never pushed: there is nothing to ask about"),
        { State: BridgeState.Pushed or BridgeState.Confirming } when push => Words.Of("资方已接收，只需查询", "the bridge has taken it: ask about it"),
        _ => Words.Of("正在推送", "being pushed"),
    };
}
