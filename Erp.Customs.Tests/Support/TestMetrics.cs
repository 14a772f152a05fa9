using System.Diagnostics.Metrics;
using Erp.Customs.Module.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Support;

/// <summary>Figures that nobody reads.</summary>
internal static class TestMetrics
{
    public static CustomsMetrics New() => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
