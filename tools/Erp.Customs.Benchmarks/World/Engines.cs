using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Benchmarks.World;

/// <summary>The job engines that this build can set beside each other on SQLite.</summary>
internal static class Engines
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<JobEngineChoice> BuiltIn { get; } = JobEngines.HangfireInMemoryBuiltIn ? [JobEngineChoice.Quartz, JobEngineChoice.Hangfire] : [JobEngineChoice.Quartz];

    /// <summary>A row that says so, for the one that this build has not.</summary>
    public static IReadOnlyList<Row> Absent { get; } = JobEngines.HangfireInMemoryBuiltIn ? [] : [Row.Seen("Hangfire", "not in this build")];
}
