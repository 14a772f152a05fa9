using System.Globalization;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>Numbers as an erasure lists them: <c>17-23,40</c>.</summary>
/// <param name="ranges">First and last of each, in order.</param>
internal sealed class NumberRanges(IReadOnlyList<(long First, long Last)> ranges)
{
    /// <summary>How many numbers these are.</summary>
    public long Count => ranges.Sum(range => range.Last - range.First + 1);

    /// <summary>Of numbers in order.</summary>
    public static NumberRanges Of(IEnumerable<long> numbers)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
            {
                ranges[^1] = (ranges[^1].First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return new(ranges);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    public static NumberRanges Parse(string text) => new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(range =>
    {
        var ends = range.Split('-');
        return (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[^1], CultureInfo.InvariantCulture));
    })]);

    /// <summary>Whether a number is one of them.</summary>
    public bool Contains(long number) => ranges.Any(range => range.First <= number && number <= range.Last);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', ranges.Select(range =>
        range.First == range.Last ? range.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
}
