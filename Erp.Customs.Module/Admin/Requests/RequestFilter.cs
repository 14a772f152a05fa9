using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>The filter bar over customs' requests, as its fields were filled in, with how the list is sorted and how long a page is. Times are China's.</summary>
internal sealed record RequestFilter(
    string State, string Order, string Session, string Merchant, string Company, string Code, string From, string Until, string Sort, string Rows)
{
    /// <summary>Stands for the three states that only a person can move.</summary>
    public const string FailedState = "failed";

    /// <summary>Stands for those that a person has said are not going to be mended, whatever their state.</summary>
    public const string IgnoredState = "ignored";

    /// <summary>Lengths of a page; the one without a word in the address is 50.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [20, 50, 100];

    private static readonly Dictionary<string, (RequestSort Sort, bool Ascending)> s_sorts = new(StringComparer.Ordinal)
    {
        [""] = (RequestSort.Received, false),
        ["received"] = (RequestSort.Received, true),
        ["-state"] = (RequestSort.State, false),
        ["state"] = (RequestSort.State, true),
        ["-elapsed"] = (RequestSort.Elapsed, false),
        ["elapsed"] = (RequestSort.Elapsed, true),
    };

    /// <summary>What is wrong with a field, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public string? Problem =>
        !IsState(State) ? Words.Of("筛选条件有误：状态须从列表选择", "The filter is wrong: choose a state from the list")
        : !s_sorts.ContainsKey(Sort) ? Words.Of("排序方式有误：请点击列标题排序", "The order is wrong: press a column's heading")
        : Rows.Length > 0 && !Lengths.Any(length => $"{length}" == Rows) ? Words.Of("每页条数有误：请从页脚选择", "The length of a page is wrong: choose one below the list")
        : FilterText.ProblemWithTimes(Order, From, Until);

    /// <summary>What fits. A tab of a state is without those that are ignored.</summary>
    public RequestSearch Search => new()
    {
        States = State switch { "" => [], FailedState or IgnoredState => RequestStates.Failed, _ => [RequestStates.Parse(State)] },
        OrderNos = FilterText.Orders(Order),
        SessionId = Session.Length == 0 ? null : Session,
        Merchant = Merchant.Length == 0 ? null : Merchant,
        PayCode = Company.Length == 0 ? null : Company,
        CustomsCode = Code.Length == 0 ? null : Code,
        From = FilterText.Begin(From),
        Until = FilterText.End(Until),
        Ignored = State switch { "" => null, IgnoredState => true, _ => false },
    };

    /// <summary>What stands for <see cref="Order"/> in addresses (see <see cref="PastedOrders"/>). The default value is the order numbers as they are.</summary>
    public string? OrderName { get; init; }

    /// <summary>Rows on a page.</summary>
    public int Length => Lengths.FirstOrDefault(length => $"{length}" == Rows, Shared.Pager.Rows);

    /// <summary>How the list is sorted.</summary>
    public (RequestSort Sort, bool Ascending) Sorting => s_sorts[Sort];

    /// <summary>Reads the fields.</summary>
    /// <param name="field">Gives a field by its name.</param>
    /// <param name="state">The state where none was chosen.</param>
    public static RequestFilter Read(Func<string, StringValues> field, string state)
    {
        var chosen = field("state");
        return new(
            chosen.Count == 0 ? state : Text(chosen), Text(field("order")), Text(field("session")), Text(field("merchant")), Text(field("company")), Text(field("code")), Text(field("from")), Text(field("until")),
            Text(field("sort")), Text(field("rows")));
    }

    /// <summary>The same list sorted by a column: descending first, the other way round when it is sorted so already.</summary>
    public RequestFilter SortedBy(RequestSort sort) =>
        this with { Sort = s_sorts.First(one => one.Value == (sort, s_sorts.GetValueOrDefault(Sort) == (sort, false))).Key };

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() =>
    [
        ("state", State), ("order", OrderName ?? Order), ("session", Session), ("merchant", Merchant), ("company", Company), ("code", Code), ("from", From), ("until", Until), ("sort", Sort), ("rows", Rows),
    ];

    private static string Text(StringValues value) => value.ToString().Trim();

    private static bool IsState(string state) =>
        state is "" or FailedState or IgnoredState || Enum.GetValues<RequestState>().Any(one => RequestStates.Word(one) == state);
}
