namespace Erp.Customs.Benchmarks.Measuring;

/// <summary>Both sides are measured in turns, A B A B …, so that whatever else the machine does meets both.</summary>
internal static class Rounds
{
    /// <summary>Runs each side once unmeasured and then in turns.</summary>
    /// <param name="rounds">Of each side.</param>
    /// <param name="sides">Each gives what it measured.</param>
    /// <returns>The rounds of each side.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> AlternateAsync<T>(int rounds, params Func<Task<T>>[] sides)
    {
        foreach (var side in sides)
        {
            await side();
        }

        var measured = sides.Select(_ => new List<T>()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < sides.Length; i++)
            {
                measured[i].Add(await sides[i]());
            }
        }

        return measured;
    }

    /// <summary>As <see cref="AlternateAsync"/>, for sides that compute.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Alternate<T>(int rounds, params Func<T>[] sides) =>
        AlternateAsync(rounds, [.. sides.Select(side => new Func<Task<T>>(() => Task.FromResult(side())))]).GetAwaiter().GetResult();

    /// <summary>The middle one.</summary>
    public static double Median(this IEnumerable<double> values) => values.Percentile(50);

    /// <summary>The value that so many per cent do not exceed (nearest rank).</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * percent / 100) - 1, 0, sorted.Count - 1)];
    }
}
