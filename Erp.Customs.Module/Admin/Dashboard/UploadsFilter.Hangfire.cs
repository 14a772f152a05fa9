using System.Globalization;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>The filter bar of the uploads page, as its fields were filled in. Dates are China's.</summary>
internal sealed record UploadsFilter(string State, string Order, string From, string Until)
{
    /// <summary>Stands for the three states that need a person.</summary>
    public const string FailedState = "failed";

    private static readonly RequestState[] s_failed = [RequestState.Rejected, RequestState.SessionUsed, RequestState.NeedsPerson];

    /// <summary>Whether every field has a value that it may have.</summary>
    public bool IsValid => IsState(State) && IsDate(From) && IsDate(Until);

    /// <summary>What fits.</summary>
    public RequestSearch Search => new(States, Order.Length == 0 ? null : Order, Day(From), Day(Until)?.AddDays(1));

    private RequestState[] States => State switch
    {
        "" => [],
        FailedState => s_failed,
        _ => [RequestStates.Parse(State)],
    };

    /// <summary>Reads the fields; nothing chosen shows what failed.</summary>
    public static UploadsFilter Read(Func<string, StringValues> field)
    {
        var state = field("state");
        return new(state.Count == 0 ? FailedState : Text(state), Text(field("order")), Text(field("from")), Text(field("until")));
    }

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() => [("state", State), ("order", Order), ("from", From), ("until", Until)];

    private static string Text(StringValues value) => value.ToString().Trim();

    private static bool IsState(string state) =>
        state is "" or FailedState || Enum.GetValues<RequestState>().Any(one => RequestStates.Word(one) == state);

    private static bool IsDate(string date) => date.Length == 0 || Day(date) is not null;

    private static DateTimeOffset? Day(string date) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, ChinaTime.Offset)
            : null;
}
