using System.Diagnostics;
using System.Text;
using Erp.Customs.Benchmarks.Measuring;

namespace Erp.Customs.Benchmarks.Capture;

/// <summary>Calls made one after the other at a steady rate, as an ERP has them on a busy day.</summary>
/// <param name="Milliseconds">What each took, its answer read.</param>
/// <param name="Processor">Microseconds of processor time of this process for one, with everything that it left to be done.</param>
internal sealed record PaidCalls(IReadOnlyList<double> Milliseconds, double Processor)
{
    private static long s_number;

    /// <summary>Makes them.</summary>
    /// <param name="http">The client.</param>
    /// <param name="address">Where to.</param>
    /// <param name="message">What is sent, by its number.</param>
    /// <param name="perSecond">Begun in a second.</param>
    /// <param name="duration">For so long.</param>
    /// <param name="finish">Ends when everything is done that the calls left.</param>
    public static async Task<PaidCalls> RunAsync(HttpClient http, Uri address, Func<long, string> message, int perSecond, TimeSpan duration, Func<Task> finish)
    {
        var times = new List<double>();
        var (speed, started) = (Speed.Start(), Stopwatch.GetTimestamp());
        while (TimeSpan.FromSeconds(times.Count / (double)perSecond) is var due && due < duration)
        {
            if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            using var content = new StringContent(message(Interlocked.Increment(ref s_number)), Encoding.UTF8, "text/xml");
            var sent = Stopwatch.GetTimestamp();
            using var response = await http.PostAsync(address, content);
            var answer = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (!answer.Contains("SUCCESS", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("The answer was not understood.");
            }
        }

        await finish();
        return new(times, speed.Of(times.Count).Processor);
    }
}
