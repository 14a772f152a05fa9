using System.Globalization;

namespace Erp.Customs.Module.Admin.Shared;

/// <summary>From page to page of a long list, by the places of rows (see <see cref="Storage.ListPage"/> and <see cref="Storage.RequestPage"/>).</summary>
/// <param name="Total">How many fit.</param>
/// <param name="First">Place of the first row shown, where rows come before it.</param>
/// <param name="Last">Place of the last row shown, where rows come after it.</param>
/// <param name="Link">The list's address with its filter; more fields may follow.</param>
internal sealed record Pager(long Total, string? First, string? Last, string Link)
{
    /// <summary>Rows on a page. The default value is 50.</summary>
    public const int Rows = 50;

    /// <summary>Whether there are more than <see cref="Total"/>, and they were not counted.</summary>
    public bool IsCut { get; init; }

    /// <summary>Other lengths of a page: how many rows, and the address; empty where there is no choice.</summary>
    public IReadOnlyList<(int Rows, string Link, bool IsChosen)> Lengths { get; init; } = [];

    /// <summary>The part of a list that an address asks for; one row more than is shown tells whether there are more.</summary>
    public static Storage.ListPage Asked(Microsoft.AspNetCore.Http.IQueryCollection query) =>
        Id(query["after"]) is { } after ? new(Rows + 1, After: after) : new(Rows + 1, Id(query["before"]) ?? long.MaxValue);

    /// <summary>Cuts off the row too many, and says where the neighbours begin.</summary>
    public static (IReadOnlyList<T> Rows, Pager Pager) Of<T>(IReadOnlyList<T> read, Storage.ListPage page, Func<T, long> id, long total, string link) =>
        Of(read, Rows, page.After is not null, page.Before == long.MaxValue, row => id(row).ToString(CultureInfo.InvariantCulture), total, link);

    /// <summary>The same for a list of any order.</summary>
    /// <param name="read">The rows with one too many, where there are more.</param>
    /// <param name="rows">Rows on a page.</param>
    /// <param name="isBackwards">Whether they were read from below: the one too many is the first.</param>
    /// <param name="isStart">Whether they were read from the list's begin, when not from below.</param>
    /// <param name="place">A row's place.</param>
    /// <param name="total">How many fit.</param>
    /// <param name="link">The list's address.</param>
    public static (IReadOnlyList<T> Rows, Pager Pager) Of<T>(IReadOnlyList<T> read, int rows, bool isBackwards, bool isStart, Func<T, string> place, long total, string link)
    {
        var more = read.Count > rows;
        var shown = !more ? read : isBackwards ? [.. read.Skip(1)] : [.. read.Take(rows)];
        var isFirst = isBackwards ? !more : isStart;
        var isLast = !isBackwards && !more;
        return (shown, new(total, isFirst || shown.Count == 0 ? null : place(shown[0]), isLast || shown.Count == 0 ? null : place(shown[^1]), link));
    }

    /// <summary>The page before this one.</summary>
    public string? Previous => First is { } place ? $"{Link}&after={place}" : null;

    /// <summary>The page after this one.</summary>
    public string? Next => Last is { } place ? $"{Link}&before={place}" : null;

    private static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
