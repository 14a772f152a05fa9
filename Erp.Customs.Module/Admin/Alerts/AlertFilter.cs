using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Alerts;

/// <summary>The filter bar over alerts, as its fields were filled in. Dates are China's.</summary>
internal sealed record AlertFilter(string Outcome, string Channel, string Level, string Merchant, string From, string Until)
{
    /// <summary>What is wrong with a field, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public string? Problem => IsWord<AlertOutcome>(Outcome) && IsWord<NoticeLevel>(Level)
        ? FilterText.Problem("", From, Until)
        : Words.Of("筛选条件有误：状态和级别须从列表选择", "The filter is wrong: choose outcome and level from their lists");

    /// <summary>Alerts that fit.</summary>
    public AlertSearch Search => new()
    {
        Outcome = Outcome.Length == 0 ? null : EnumWords<AlertOutcome>.Parse(Outcome),
        Level = Level.Length == 0 ? null : EnumWords<NoticeLevel>.Parse(Level),
        Channel = Channel.Length == 0 ? null : Channel,
        Merchant = Merchant.Length == 0 ? null : Merchant,
        From = FilterText.Day(From),
        Until = FilterText.Day(Until)?.AddDays(1),
    };

    /// <summary>Reads the fields.</summary>
    public static AlertFilter Read(Func<string, StringValues> field) =>
        new(Text(field("outcome")), Text(field("channel")), Text(field("level")), Text(field("merchant")), Text(field("from")), Text(field("until")));

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() =>
        [("outcome", Outcome), ("channel", Channel), ("level", Level), ("merchant", Merchant), ("from", From), ("until", Until)];

    private static bool IsWord<T>(string text) where T : struct, Enum => text.Length == 0 || Enum.GetValues<T>().Any(value => EnumWords<T>.Word(value) == text);

    private static string Text(StringValues value) => value.ToString().Trim();
}
