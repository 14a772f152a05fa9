using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Tests.Support;

/// <summary>A test of Hangfire on SQLite; reported as skipped in a build without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HangfireFactAttribute : FactAttribute
{
    internal const string Reason = "This build is without Hangfire or Hangfire.InMemory, so Quartz drives the uploads on SQLite.";

    public HangfireFactAttribute()
    {
        Skip = JobEngines.HangfireInMemoryBuiltIn ? null : Reason;
    }
}

/// <summary>The same for a test with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HangfireTheoryAttribute : TheoryAttribute
{
    public HangfireTheoryAttribute()
    {
        Skip = JobEngines.HangfireInMemoryBuiltIn ? null : HangfireFactAttribute.Reason;
    }
}
