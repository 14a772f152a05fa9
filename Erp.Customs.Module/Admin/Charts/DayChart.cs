using System.Globalization;

namespace Erp.Customs.Module.Admin.Charts;

/// <summary>A small chart over days: a bar for each, of one or several parts one upon the other. Drawn as SVG by attributes and classes alone; its table says the same in numbers.</summary>
/// <param name="Id">Unique on its page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">What is to be seen in it, in a sentence.</param>
/// <param name="Days">The days, the oldest first.</param>
/// <param name="Series">The parts of each bar, the lowest first.</param>
internal sealed record DayChart(string Id, string Title, string Description, IReadOnlyList<DateOnly> Days, IReadOnlyList<DaySeries> Series)
{
    /// <summary>Its width in units of its own.</summary>
    public const int Width = 440;

    /// <summary>Its height in units of its own.</summary>
    public const int Height = 150;

    private const int Left = 8;
    private const int Top = 20;
    private const int Bottom = 130;

    /// <summary>How a value becomes a part of the height: 0 to 1. Linear up to the greatest day where nothing else is said.</summary>
    public Func<double, double>? Scale { get; init; }

    /// <summary>Lines across: a value, what is written at it, and a class of the style sheet.</summary>
    public IReadOnlyList<(double Value, string Text, string Class)>? Lines { get; init; }

    /// <summary>The lines across; where none are given, one at the greatest day.</summary>
    public IReadOnlyList<(double Value, string Text, string Class)> Across => Lines ?? (Greatest > 0 ? [(Greatest, Write(Greatest), "grid")] : []);

    /// <summary>How a value is written.</summary>
    public Func<double, string> Write { get; init; } = value => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The greatest sum of a day.</summary>
    public double Greatest => Days.Count == 0 ? 0 : Days.Select((_, day) => Series.Sum(series => series.Values[day] ?? 0)).Max();

    /// <summary>Where each day is written below: the first, the last, and some between.</summary>
    public IEnumerable<(double X, string Text)> Marks() =>
        Days.Select((day, i) => (X: Place(i) + (Step / 2), Text: day.ToString("MM-dd", CultureInfo.InvariantCulture), Index: Days.Count - 1 - i)).Where(mark => mark.Index % 7 == 0).Select(mark => (mark.X, mark.Text));

    /// <summary>The parts of the bars that can be seen.</summary>
    public IEnumerable<(double X, double Y, double Width, double Height, string Class)> Bars()
    {
        for (var day = 0; day < Days.Count; day++)
        {
            var below = 0d;
            foreach (var series in Series)
            {
                if (series.Values[day] is { } value and > 0)
                {
                    var (low, high) = (Y(below), Y(below + value));
                    // What is there is seen, however little it is.
                    var height = Math.Max(low - high, 1.5);
                    yield return (Place(day) + 1, low - height, Math.Max(Step - 2, 1), height, series.Class);
                    below += value;
                }
            }
        }
    }

    /// <summary>Height of a line across.</summary>
    public double Y(double value) => Bottom - (Math.Clamp(Scale?.Invoke(value) ?? (Greatest > 0 ? value / Greatest : 0), 0, 1) * (Bottom - Top));

    private double Step => (double)(Width - (2 * Left)) / Math.Max(Days.Count, 1);

    private double Place(int day) => Left + (day * Step);
}

/// <summary>A part of each bar of a chart.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Class">Its colour, a class of the style sheet.</param>
/// <param name="Values">For each day; <see langword="null"/> where there is none.</param>
internal sealed record DaySeries(string Title, string Class, IReadOnlyList<double?> Values);
