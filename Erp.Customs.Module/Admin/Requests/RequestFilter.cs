using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>The filter bar over customs' requests, as its fields were filled in. Dates are China's.</summary>
internal sealed record RequestFilter(string State, string Order, string Session, string Merchant, string From, string Until)
{
    /// <summary>Stands for the three states that only a person can move.</summary>
    public const string FailedState = "failed";

    /// <summary>What is wrong with a field, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public string? Problem => IsState(State)
        ? FilterText.Problem(Order, From, Until)
        : Words.Of("筛选条件有误：状态须从列表选择", "The filter is wrong: choose a state from the list");

    /// <summary>What fits.</summary>
    public RequestSearch Search => new()
    {
        States = State switch { "" => [], FailedState => RequestStates.Failed, _ => [RequestStates.Parse(State)] },
        OrderNos = FilterText.Orders(Order),
        SessionId = Session.Length == 0 ? null : Session,
        Merchant = Merchant.Length == 0 ? null : Merchant,
        From = FilterText.Day(From),
        Until = FilterText.Day(Until)?.AddDays(1),
    };

    /// <summary>Reads the fields.</summary>
    /// <param name="field">Gives a field by its name.</param>
    /// <param name="state">The state where none was chosen.</param>
    public static RequestFilter Read(Func<string, StringValues> field, string state)
    {
        var chosen = field("state");
        return new(chosen.Count == 0 ? state : Text(chosen), Text(field("order")), Text(field("session")), Text(field("merchant")), Text(field("from")), Text(field("until")));
    }

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() => [("state", State), ("order", Order), ("session", Session), ("merchant", Merchant), ("from", From), ("until", Until)];

    private static string Text(StringValues value) => value.ToString().Trim();

    private static bool IsState(string state) =>
        state is "" or FailedState || Enum.GetValues<RequestState>().Any(one => RequestStates.Word(one) == state);
}
