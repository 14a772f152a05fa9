using Xunit.Abstractions;

namespace Erp.Customs.Tests.Capture;

/// <summary>Prints the cost of capture per call. <c>ERP_CUSTOMS_CAPTURE_ROUNDS</c> makes it measure for real; without it a short run shows that it can.</summary>
public sealed class When_the_cost_is_measured(ITestOutputHelper output) : InFolder
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_print_with_and_without_beside_each_other(bool moduleRuns)
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("ERP_CUSTOMS_CAPTURE_ROUNDS"), out var asked) ? asked : 0;
        var module = new ModuleDouble { IsOn = moduleRuns };

        var rows = await CaptureCost.MeasureAsync(Folder, module, Math.Max(1, rounds), rounds == 0 ? 20 : moduleRuns ? 1000 : 200);

        output.WriteLine(moduleRuns ? "module runs" : "module off, every message to a file");
        foreach (var row in rows)
        {
            output.WriteLine(row.ToString());
        }

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.True(row.Without > 0 && row.With > 0));
        Assert.True(moduleRuns ? module.Stored.Count > 0 && Files.Length == 0 : Files.Length > 0);
    }
}
