using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Support;

/// <summary>A test of the templates; reported as skipped in a build without Scriban.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScribanFactAttribute : FactAttribute
{
    internal const string Reason = "This build is without Scriban, so it has no templates.";

    public ScribanFactAttribute()
    {
        Skip = PayExchangeRenderers.ScribanBuiltIn ? null : Reason;
    }
}

/// <summary>The same for a test with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScribanTheoryAttribute : TheoryAttribute
{
    public ScribanTheoryAttribute()
    {
        Skip = PayExchangeRenderers.ScribanBuiltIn ? null : ScribanFactAttribute.Reason;
    }
}
