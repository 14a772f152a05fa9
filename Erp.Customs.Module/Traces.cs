using System.Diagnostics;

namespace Erp.Customs.Module;

/// <summary>The module's traces; docs/observability.md has their names.</summary>
internal static class Traces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Erp.Customs";

    /// <summary>The one source.</summary>
    public static ActivitySource Source { get; } = new(SourceName);
}
