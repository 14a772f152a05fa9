using Erp.Customs.Benchmarks.Measuring;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>How fast a flood is worked off, beside the hand-written pipeline.</summary>
internal sealed class FloodBenchmark : IBenchmark
{
    private const int Connections = 32;

    public string Name => "flood";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        await using var both = await BothPipelines.StartAsync(folder);
        var requests = scale.Of(300, 5_000);
        var rounds = await Rounds.AlternateAsync(
            scale.Of(1, 3),
            () => both.ByHandAsync(load => load.Flood(Connections, requests)),
            () => both.ModuleAsync(load => load.Flood(Connections, requests)));
        return
        [
            Row.Shown("the same, processor time for one request, customs' not counted", rounds[0].Select(round => round.Processor).Median(), rounds[1].Select(round => round.Processor).Median(), Figures.Microseconds),
            Row.AtLeast(
                $"a flood of {requests:#,0} requests, first question to last acceptance, {both.Engine}, beside the hand-written pipeline",
                rounds[0].Select(round => round.PerSecond).Median(), rounds[1].Select(round => round.PerSecond).Median(), 0.6, Figures.PerSecond),
        ];
    }
}
