namespace Erp.Customs.Module.Storage;

/// <summary>
/// Which part of a long list, newest first, is read: told by ids and not by counting rows, so that the thousandth page costs what the first does.
/// </summary>
/// <param name="Limit">Rows at most.</param>
/// <param name="Before">Only ids below it: goes on where a page ended.</param>
/// <param name="After">Only ids above it: goes back to the page before; <see langword="null"/> when it does not matter.</param>
internal sealed record ListPage(int Limit, long Before = long.MaxValue, long? After = null)
{
    /// <summary>Follows the conditions of a WHERE; its parameters are <c>@Edge</c> and <c>@Limit</c>.</summary>
    /// <param name="id">The column of the ids.</param>
    public string Ordered(string id) => After is null ? $" AND {id} < @Edge ORDER BY {id} DESC" : $" AND {id} > @Edge ORDER BY {id}";

    /// <summary>The id at which the page begins.</summary>
    public long Edge => After ?? Before;

    /// <summary>Rows as they were read, newest first.</summary>
    public IReadOnlyList<T> NewestFirst<T>(IEnumerable<T> rows) => After is null ? [.. rows] : [.. rows.Reverse()];
}

/// <summary>Where a list that is sorted by a column goes on.</summary>
internal static class ListPlace
{
    /// <summary>Follows the conditions of a WHERE: the rows behind the one whose values are the parameters <c>@Key</c> and <c>@Id</c>.</summary>
    /// <param name="column">By what the list is sorted.</param>
    /// <param name="id">The column of the ids, which order what is equal.</param>
    /// <param name="ascending">The least first.</param>
    public static string Behind(string column, string id, bool ascending)
    {
        var beyond = ascending ? ">" : "<";
        return $" AND {column} {beyond}= @Key AND ({column} {beyond} @Key OR {id} {beyond} @Id)";
    }
}
