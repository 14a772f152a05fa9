namespace Erp.Customs.Benchmarks.Measuring;

/// <summary>What one call costs: called again and again for a while on one thread. Processor time counts, so that other programs on the machine do not.</summary>
/// <param name="Microseconds">Of processor time, for one call.</param>
/// <param name="Bytes">Allocated by one call.</param>
internal sealed record Loop(double Microseconds, double Bytes)
{
    /// <summary>Calls in a second of one core.</summary>
    public double PerSecond => 1_000_000 / Microseconds;

    /// <summary>Measures a call.</summary>
    public static Loop Run(TimeSpan duration, Action call)
    {
        const int Batch = 16;
        var calls = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Environment.CpuUsage.TotalTime;
        do
        {
            for (var i = 0; i < Batch; i++)
            {
                call();
            }

            calls += Batch;
        }
        while (Environment.CpuUsage.TotalTime - started < duration);
        return new(
            (Environment.CpuUsage.TotalTime - started).TotalMicroseconds / calls,
            (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)calls);
    }
}
