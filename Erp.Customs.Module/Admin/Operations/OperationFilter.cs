using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Operations;

/// <summary>The filter bar over the operation log, as its fields were filled in. Dates are China's.</summary>
internal sealed record OperationFilter(string Result, string Person, string Action, string From, string Until)
{
    /// <summary>What is wrong with a field, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public string? Problem => Result.Length == 0 || Enum.GetValues<OperationResult>().Any(result => EnumWords<OperationResult>.Word(result) == Result)
        ? FilterText.Problem("", From, Until)
        : Words.Of("筛选条件有误：结果须从列表选择", "The filter is wrong: choose the result from its list");

    /// <summary>Operations that fit.</summary>
    public OperationSearch Search => new()
    {
        Result = Result.Length == 0 ? null : EnumWords<OperationResult>.Parse(Result),
        Person = Person.Length == 0 ? null : Person,
        Action = Action.Length == 0 ? null : Action,
        From = FilterText.Day(From),
        Until = FilterText.Day(Until)?.AddDays(1),
    };

    /// <summary>Reads the fields.</summary>
    public static OperationFilter Read(Func<string, StringValues> field) => new(Text(field("result")), Text(field("person")), Text(field("action")), Text(field("from")), Text(field("until")));

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() => [("result", Result), ("person", Person), ("action", Action), ("from", From), ("until", Until)];

    private static string Text(StringValues value) => value.ToString().Trim().Storable();
}
