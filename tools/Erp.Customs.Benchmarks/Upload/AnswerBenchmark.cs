using Erp.Customs.Benchmarks.Measuring;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>From customs' question to their acceptance at 100 requests a second, beside the hand-written pipeline under the same load.</summary>
internal sealed class AnswerBenchmark : IBenchmark
{
    private const int PerSecond = 100;

    public string Name => "answer";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        await using var both = await BothPipelines.StartAsync(folder);
        var duration = TimeSpan.FromSeconds(scale.Of(0.5, 4)); // 5 rounds: 20 seconds of each
        var rounds = await Rounds.AlternateAsync(
            scale.Rounds,
            () => both.ByHandAsync(load => load.Steady(PerSecond, duration)),
            () => both.ModuleAsync(load => load.Steady(PerSecond, duration)));
        var what = $"asked -> accepted at {PerSecond}/s, SQLite, {both.Engine}, beside the hand-written pipeline";
        var rows = rounds[1].SelectMany(round => round.Rows).ToList();
        return
        [
            Row.AtMost(what + ", p50", rounds[0].Select(round => round.P50).Median(), rounds[1].Select(round => round.P50).Median(), 2, Figures.Milliseconds),
            Row.AtMost(what + ", p99", rounds[0].Select(round => round.P99).Median(), rounds[1].Select(round => round.P99).Median(), 3, Figures.Milliseconds),
            new Row("the same by the module's rows, received_at to finished_at", "-", $"p50 {Figures.Milliseconds(rows.Percentile(50))}, p99 {Figures.Milliseconds(rows.Percentile(99))}", null, "", null),
        ];
    }
}
