using DiffPlex;

namespace Erp.Customs.Module.Admin.Templates;

/// <summary>Two texts side by side, line by line.</summary>
internal static class LineDiff
{
    /// <summary>Pairs the lines: equal ones with each other, a changed one with what stands in its place.</summary>
    public static IReadOnlyList<DiffRow> Of(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var rows = new List<DiffRow>();
        var (l, r) = (0, 0);
        foreach (var block in Differ.Instance.CreateDiffs(string.Join('\n', left), string.Join('\n', right), ignoreWhiteSpace: false, ignoreCase: false, new Lines()).DiffBlocks)
        {
            SameUpTo(block.DeleteStartA);
            for (var at = 0; at < Math.Max(block.DeleteCountA, block.InsertCountB); at++)
            {
                rows.Add(new(at < block.DeleteCountA ? left[l++] : null, at < block.InsertCountB ? right[r++] : null, IsSame: false));
            }
        }

        SameUpTo(left.Count);
        return rows;

        void SameUpTo(int end)
        {
            while (l < end)
            {
                rows.Add(new(left[l++], right[r++], IsSame: true));
            }
        }
    }

    /// <summary>The lines as they were joined; of no text none.</summary>
    private sealed class Lines : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => text.Length == 0 ? [] : text.Split('\n');
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
