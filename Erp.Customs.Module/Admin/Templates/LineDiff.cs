namespace Erp.Customs.Module.Admin.Templates;

/// <summary>Two texts side by side, line by line.</summary>
internal static class LineDiff
{
    /// <summary>Lines of each side that are matched with one another; beyond that only what both begin and end with is. 2,000.</summary>
    private const int Matched = 2_000;

    /// <summary>Pairs the lines: equal ones with each other, a changed one with what stands in its place.</summary>
    public static IReadOnlyList<DiffRow> Of(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var (rows, removed, added) = (new List<DiffRow>(), new Queue<string>(), new Queue<string>());
        var (l, r) = (0, 0);
        foreach (var (leftAt, rightAt) in Common(left, right).Append((left.Count, right.Count)))
        {
            for (; l < leftAt; l++)
            {
                removed.Enqueue(left[l]);
            }

            for (; r < rightAt; r++)
            {
                added.Enqueue(right[r]);
            }

            while (removed.Count + added.Count > 0)
            {
                rows.Add(new(removed.TryDequeue(out var old) ? old : null, added.TryDequeue(out var put) ? put : null, IsSame: false));
            }

            if (leftAt < left.Count)
            {
                rows.Add(new(left[leftAt], right[rightAt], IsSame: true));
                (l, r) = (leftAt + 1, rightAt + 1);
            }
        }

        return rows;
    }

    /// <summary>The places of the longest common subsequence.</summary>
    private static List<(int Left, int Right)> Common(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var common = new List<(int, int)>();
        var (from, leftEnd, rightEnd) = (0, left.Count, right.Count);
        for (; from < leftEnd && from < rightEnd && left[from] == right[from]; from++)
        {
            common.Add((from, from));
        }

        var tail = new Stack<(int, int)>();
        for (; leftEnd > from && rightEnd > from && left[leftEnd - 1] == right[rightEnd - 1]; leftEnd--, rightEnd--)
        {
            tail.Push((leftEnd - 1, rightEnd - 1));
        }

        if (leftEnd - from <= Matched && rightEnd - from <= Matched)
        {
            var longest = new int[leftEnd - from + 1, rightEnd - from + 1];
            for (var l = leftEnd - 1; l >= from; l--)
            {
                for (var r = rightEnd - 1; r >= from; r--)
                {
                    longest[l - from, r - from] = left[l] == right[r] ? longest[l - from + 1, r - from + 1] + 1 : Math.Max(longest[l - from + 1, r - from], longest[l - from, r - from + 1]);
                }
            }

            for (var (l, r) = (from, from); l < leftEnd && r < rightEnd;)
            {
                if (left[l] == right[r])
                {
                    common.Add((l++, r++));
                }
                else if (longest[l - from + 1, r - from] >= longest[l - from, r - from + 1])
                {
                    l++;
                }
                else
                {
                    r++;
                }
            }
        }

        common.AddRange(tail);
        return common;
    }
}

/// <summary>One line of each side.</summary>
/// <param name="Left"><see langword="null"/> where this side has none.</param>
/// <param name="Right">Likewise.</param>
/// <param name="IsSame">Whether both are the same.</param>
internal sealed record DiffRow(string? Left, string? Right, bool IsSame);

/// <summary>Two texts side by side, as a page shows them.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Left">Whose the left one is.</param>
/// <param name="Right">Whose the right one is.</param>
/// <param name="Rows">The lines.</param>
internal sealed record Comparison(string Title, string Left, string Right, IReadOnlyList<DiffRow> Rows)
{
    /// <summary>Lines that are not the same.</summary>
    public int Different => Rows.Count(row => !row.IsSame);
}
