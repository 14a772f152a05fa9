using Erp.Customs.Module.Jobs;

namespace Erp.Customs.Tests.Support;

/// <summary>A test of Hangfire on SQLite; reported as skipped in a build without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HangfireFactAttribute : FactAttribute
{
    internal const string Reason = "The configured package feeds do not have Hangfire and Hangfire.InMemory, so Quartz drives the uploads in this build.";

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
