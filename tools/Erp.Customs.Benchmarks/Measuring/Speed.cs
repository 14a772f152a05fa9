using System.Diagnostics;

namespace Erp.Customs.Benchmarks.Measuring;

/// <summary>How fast many things were done, and what each cost this process.</summary>
/// <param name="PerSecond">By the clock.</param>
/// <param name="Processor">Microseconds of processor time for one.</param>
internal sealed record Speed(double PerSecond, double Processor)
{
    /// <summary>Begins to measure.</summary>
    public static Running Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>Under way.</summary>
    internal sealed record Running(long StartedAt, TimeSpan Processor)
    {
        /// <summary>Ends.</summary>
        /// <param name="count">So many were done.</param>
        public Speed Of(int count) =>
            new(count / Stopwatch.GetElapsedTime(StartedAt).TotalSeconds, (Environment.CpuUsage.TotalTime - Processor).TotalMicroseconds / count);
    }
}
