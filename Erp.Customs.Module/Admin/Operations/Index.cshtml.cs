using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Operations;

/// <summary>操作日志: who did what on the screens, when, about what, and what became of it; also what was refused. Nobody erases it from here.</summary>
[Needs(CustomsPermissions.View)]
internal sealed class OperationsModel(OperationTable operations) : Screen
{
    public OperationFilter Filter { get; private set; } = null!;

    public IReadOnlyDictionary<OperationResult, long> Counts { get; private set; } = new Dictionary<OperationResult, long>();

    public IReadOnlyList<Operation> Rows { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>What can be chosen: the name in the table, and its words.</summary>
    public IEnumerable<(string Action, string Title)> Actions => OperationLog.Known.Select(one => (one.Key, Say.Of(one.Value))).OrderBy(one => one.Item2, StringComparer.Ordinal);

    /// <summary>The tabs: a word for the address, its title, how many.</summary>
    public IEnumerable<(string Result, string Title, long Count)> Tabs() =>
    [
        ("", Say["全部", "All"], Counts.Values.Sum()),
        .. Enum.GetValues<OperationResult>().Select(result => (EnumWords<OperationResult>.Word(result), Say.Result(result), Counts.GetValueOrDefault(result))),
    ];

    /// <summary>The list with this filter, of another result.</summary>
    public string Link(string? result = null) => Url.Page(null) + FilterText.Query((result is null ? Filter : Filter with { Result = result }).Fields());

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        Filter = OperationFilter.Read(name => Request.Query[name]);
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link()), problem);
            return;
        }

        var search = Filter.Search;
        Counts = await operations.CountByResultAsync(search, stop);
        var page = Pager.Asked(Request.Query);
        (Rows, Pager) = Pager.Of(
            await operations.SearchAsync(search, page, stop), page, operation => operation.Id, search.Result is { } result ? Counts[result] : Counts.Values.Sum(), Link());
    }
}
