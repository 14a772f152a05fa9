using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>How fast a flood is worked off with each job engine, beside the hand-written pipeline.</summary>
internal sealed class FloodBenchmark : IBenchmark
{
    private const int Connections = 32;

    public string Name => "flood";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        await using var pipelines = await Pipelines.StartAsync(folder);
        var requests = scale.Of(300, 5_000);
        var rounds = await pipelines.AlternateAsync(scale.Of(1, 3), load => load.Flood(Connections, requests));
        return
        [
            .. pipelines.Engines.Index().SelectMany(one => Compare(
                $"a flood of {requests:#,0} requests, first question to last acceptance, {one.Item}, beside the hand-written pipeline", one.Item, rounds[0], rounds[one.Index + 1])),
            .. Engines.Absent,
        ];
    }

    private static IEnumerable<Row> Compare(string what, string engine, IReadOnlyList<Answered> limit, IReadOnlyList<Answered> reached) =>
    [
        Row.AtLeast(what, limit.Select(round => round.PerSecond).Median(), reached.Select(round => round.PerSecond).Median(), 0.6, Figures.PerSecond),
        Row.Shown(
            $"the same, {engine}, processor time for one request, customs' not counted",
            limit.Select(round => round.Processor).Median(), reached.Select(round => round.Processor).Median(), Figures.Microseconds),
    ];
}
