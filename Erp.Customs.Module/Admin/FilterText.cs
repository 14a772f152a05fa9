using System.Globalization;

namespace Erp.Customs.Module.Admin;

/// <summary>Fields of filter bars as people fill them in.</summary>
internal static class FilterText
{
    /// <summary>Order numbers in one search. The default value is 500.</summary>
    public const int MostOrders = 500;

    private static readonly char[] s_between = [' ', '\t', '\r', '\n', ',', ';', '，', '；', '、'];

    /// <summary>Order numbers as they are pasted from a sheet: one a line, or with blanks, commas or semicolons between them; each once.</summary>
    public static IReadOnlyList<string> Orders(string pasted) =>
        [.. pasted.Split(s_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>A day in China, or <see langword="null"/> for what is none.</summary>
    public static DateTimeOffset? Day(string date) => DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? new DateTimeOffset(day, TimeOnly.MinValue, ChinaTime.Offset)
        : null;

    /// <summary>When a stretch begins: a day in China, or a minute or a second of one (<c>2026-11-27T08:30</c>); <see langword="null"/> for what is none.</summary>
    public static DateTimeOffset? Begin(string text) => Day(text) ?? Clock(text)?.At;

    /// <summary>When a stretch that ends with this day, minute or second is over.</summary>
    public static DateTimeOffset? End(string text) => Day(text)?.AddDays(1) ?? (Clock(text) is { } clock ? clock.At + clock.Step : null);

    /// <summary>What is wrong with the fields of filter bars that ask for a time of day as well; <see langword="null"/> when nothing is.</summary>
    public static string? ProblemWithTimes(string orders, string from, string until)
    {
        if ((from.Length > 0 && Begin(from) is null) || (until.Length > 0 && End(until) is null))
        {
            return Words.Of("筛选条件有误：时间格式为 yyyy-MM-dd 或 yyyy-MM-ddTHH:mm", "The filter is wrong: times are yyyy-MM-dd or yyyy-MM-ddTHH:mm");
        }

        return Begin(from) is { } first && End(until) is { } last && first >= last
            ? Words.Of("筛选条件有误：起始时间晚于结束时间", "The filter is wrong: it begins after its end")
            : Problem(orders, "", "");
    }

    /// <summary>What is wrong with the fields that all filter bars have, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public static string? Problem(string orders, string from, string until)
    {
        var days = new[] { from, until };
        if (Array.Exists(days, day => day.Length > 0 && Day(day) is null))
        {
            return Words.Of("筛选条件有误：日期格式为 yyyy-MM-dd", "The filter is wrong: dates are yyyy-MM-dd");
        }

        if (Day(from) is { } first && Day(until) is { } last && first > last)
        {
            return Words.Of("筛选条件有误：起始日期晚于结束日期", "The filter is wrong: it begins after its end");
        }

        return orders.StartsWith(PastedOrders.Prefix, StringComparison.Ordinal)
            ? Words.Of("筛选条件有误：粘贴的订单编号只保留一天，请重新粘贴", "The filter is wrong: pasted order numbers are kept for a day; paste them again")
            : Orders(orders).Count > MostOrders
            ? Words.Of($"筛选条件有误：订单编号一次最多 {MostOrders} 个", $"The filter is wrong: at most {MostOrders} order numbers at a time")
            : null;
    }

    private static (DateTimeOffset At, TimeSpan Step)? Clock(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var minute) ? (new(minute, ChinaTime.Offset), TimeSpan.FromMinutes(1))
        : DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var second) ? (new(second, ChinaTime.Offset), TimeSpan.FromSeconds(1))
        : null;

    /// <summary>Fields as the query of an address; those that are empty are left out.</summary>
    public static string Query(IEnumerable<(string Name, string Value)> fields) =>
        "?" + string.Join('&', fields.Where(field => field.Value.Length > 0).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
}
