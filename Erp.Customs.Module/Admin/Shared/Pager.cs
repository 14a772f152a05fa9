using System.Globalization;

namespace Erp.Customs.Module.Admin.Shared;

/// <summary>From page to page of a long list, by ids (see <see cref="Storage.ListPage"/>).</summary>
/// <param name="Total">How many fit.</param>
/// <param name="First">Id of the first row shown, where rows come before it.</param>
/// <param name="Last">Id of the last row shown, where rows come after it.</param>
/// <param name="Link">The list's address with its filter; more fields may follow.</param>
internal sealed record Pager(long Total, long? First, long? Last, string Link)
{
    /// <summary>Rows on a page. The default value is 50.</summary>
    public const int Rows = 50;

    /// <summary>The part of a list that an address asks for; one row more than is shown tells whether there are more.</summary>
    public static Storage.ListPage Asked(Microsoft.AspNetCore.Http.IQueryCollection query) =>
        Id(query["after"]) is { } after ? new(Rows + 1, After: after) : new(Rows + 1, Id(query["before"]) ?? long.MaxValue);

    /// <summary>Cuts off the row too many, and says where the neighbours begin.</summary>
    public static (IReadOnlyList<T> Rows, Pager Pager) Of<T>(IReadOnlyList<T> read, Storage.ListPage page, Func<T, long> id, long total, string link)
    {
        var more = read.Count > Rows;
        var shown = !more ? read : page.After is null ? [.. read.Take(Rows)] : [.. read.Skip(1)];
        var isFirst = page.After is null ? page.Before == long.MaxValue : !more;
        var isLast = page.After is null && !more;
        return (shown, new(total, isFirst || shown.Count == 0 ? null : id(shown[0]), isLast || shown.Count == 0 ? null : id(shown[^1]), link));
    }

    /// <summary>The page before this one.</summary>
    public string? Previous => First is { } id ? $"{Link}&after={id.ToString(CultureInfo.InvariantCulture)}" : null;

    /// <summary>The page after this one.</summary>
    public string? Next => Last is { } id ? $"{Link}&before={id.ToString(CultureInfo.InvariantCulture)}" : null;

    private static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
