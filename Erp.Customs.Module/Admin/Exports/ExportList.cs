namespace Erp.Customs.Module.Admin.Exports;

/// <summary>A list that a user takes away: what stands on his screen, in his language, masked as there.</summary>
/// <param name="Name">What the file is called, in his language.</param>
/// <param name="Headings">Of the columns; no two alike.</param>
/// <param name="Total">Rows that there are now, for the progress.</param>
/// <param name="Rows">Reads them part by part; a cell is a text, a number or nothing. Must not need the request that asked: it may go on long after it.</param>
internal sealed record ExportList(string Name, IReadOnlyList<string> Headings, long Total, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<object?>>> Rows)
{
    /// <summary>Rows that are read at a time. The default value is 1,000.</summary>
    public const int Part = 1_000;

    /// <summary>Reads a long list part by part.</summary>
    /// <typeparam name="T">A row as the table has it.</typeparam>
    /// <param name="read">Reads the part that comes after a row; <see langword="null"/> for the first part.</param>
    /// <param name="cells">A row's cells; a row of the table may be several of the file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<IReadOnlyList<object?>> ReadAsync<T>(
        Func<T?, Task<IReadOnlyList<T>>> read, Func<T, IEnumerable<IReadOnlyList<object?>>> cells, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? last = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = await read(last);
            foreach (var row in part.SelectMany(cells))
            {
                yield return row;
            }

            last = part.Count < Part ? null : part[^1];
        }
        while (last is not null);
    }
}
