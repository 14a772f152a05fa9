namespace Erp.Customs.Benchmarks;

/// <summary>Something that is measured beside its limit.</summary>
internal interface IBenchmark
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>Measures; a few rows of the table.</summary>
    /// <param name="scale">How much of it.</param>
    /// <param name="folder">A folder of its own on the disk that is measured; removed afterwards.</param>
    Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder);
}

/// <summary>How much is measured.</summary>
/// <param name="Short">A smoke test: every part runs, its figures mean little.</param>
/// <param name="Full">The large sizes too.</param>
internal sealed record Scale(bool Short, bool Full)
{
    /// <summary>Rounds of each side.</summary>
    public int Rounds => Short ? 1 : 5;

    /// <summary>One value for the smoke test, one for the measurement.</summary>
    public T Of<T>(T shortly, T usual) => Short ? shortly : usual;
}

/// <summary>A row of the table.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Limit">The limit's figure, measured in the same run.</param>
/// <param name="Reached">The product's figure.</param>
/// <param name="Ratio">Between the two, as the goal is put; <see langword="null"/> where there is no limit to divide by.</param>
/// <param name="Goal">What we are held against; empty when the row is only shown.</param>
/// <param name="Met">Whether it is reached; <see langword="null"/> when there is no goal.</param>
internal sealed record Row(string What, string Limit, string Reached, double? Ratio, string Goal, bool? Met)
{
    /// <summary>The product's figure divided by the limit's must not be less.</summary>
    public static Row AtLeast(string what, double limit, double reached, double goal, Func<double, string> show) =>
        new(what, show(limit), show(reached), reached / limit, $">= {Figures.Plain(goal)}x", reached / limit >= goal);

    /// <summary>The product's figure divided by the limit's must not be more.</summary>
    public static Row AtMost(string what, double limit, double reached, double goal, Func<double, string> show) =>
        new(what, show(limit), show(reached), reached / limit, $"<= {Figures.Plain(goal)}x", reached / limit <= goal);

    /// <summary>The product's figure must not be more than the limit's and so much.</summary>
    public static Row AtMostMore(string what, double limit, double reached, double more, Func<double, string> show) =>
        new(what, show(limit), show(reached), reached / limit, $"<= {show(more)} more", reached - limit <= more);

    /// <summary>The product's figure must not be more than a fixed one.</summary>
    public static Row Below(string what, double reached, double goal, Func<double, string> show) =>
        new(what, "-", show(reached), null, $"<= {show(goal)}", reached <= goal);

    /// <summary>Neither limit nor goal, only to be seen.</summary>
    public static Row Seen(string what, string reached) => new(what, "-", reached, null, "", null);

    /// <summary>No goal, only to be seen.</summary>
    public static Row Shown(string what, double limit, double reached, Func<double, string> show) =>
        new(what, show(limit), show(reached), reached / limit, "", null);
}
