using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>From customs' question to their acceptance at 100 requests a second with each job engine, beside the hand-written pipeline under the same load; and the engine's share of it.</summary>
internal sealed class AnswerBenchmark : IBenchmark
{
    private const int PerSecond = 100;

    public string Name => "answer";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var rows = new List<Row>();
        await using (var pipelines = await Pipelines.StartAsync(folder))
        {
            var duration = TimeSpan.FromSeconds(scale.Of(0.5, 4)); // 5 rounds: 20 seconds of each
            var rounds = await pipelines.AlternateAsync(scale.Rounds, load => load.Steady(PerSecond, duration));
            foreach (var (index, engine) in pipelines.Engines.Index())
            {
                var (limit, reached) = (rounds[0], rounds[index + 1]);
                var what = $"asked -> accepted at {PerSecond}/s, SQLite, {engine}, beside the hand-written pipeline";
                var own = reached.SelectMany(round => round.Rows).ToList();
                rows.Add(Row.AtMost(what + ", p50", Middle(limit, round => round.P50), Middle(reached, round => round.P50), 2, Figures.Milliseconds));
                rows.Add(Row.AtMost(what + ", p99", Middle(limit, round => round.P99), Middle(reached, round => round.P99), 3, Figures.Milliseconds));
                rows.Add(Row.Shown(
                    $"the same, {engine}, processor time for one request, customs' not counted", Middle(limit, round => round.Processor), Middle(reached, round => round.Processor), Figures.Microseconds));
                rows.Add(Row.Seen($"the same, {engine}, by the module's rows, received_at to finished_at", $"p50 {Figures.Milliseconds(own.Percentile(50))}, p99 {Figures.Milliseconds(own.Percentile(99))}"));
            }
        }

        rows.AddRange(await EngineSharesAsync(scale));
        rows.AddRange(Engines.Absent);
        return rows;
    }

    private static async Task<IReadOnlyList<Row>> EngineSharesAsync(Scale scale)
    {
        var engines = new List<EngineShare>();
        try
        {
            foreach (var engine in Engines.BuiltIn)
            {
                engines.Add(await EngineShare.StartAsync(engine));
            }

            var duration = TimeSpan.FromSeconds(scale.Of(0.3, 2));
            var rounds = await Rounds.AlternateAsync(scale.Rounds, [.. engines.Select(engine => new Func<Task<EngineRound>>(() => engine.RunAsync(PerSecond, duration)))]);
            return
            [
                .. engines.Select((engine, i) => Row.Seen(
                    $"{engine.Name}'s share: from handing over to the beginning of the work, at {PerSecond}/s",
                    $"p50 {Figures.Milliseconds(rounds[i].Select(round => round.Milliseconds.Percentile(50)).Median())}, p99 {Figures.Milliseconds(rounds[i].Select(round => round.Milliseconds.Percentile(99)).Median())}, {Figures.Microseconds(rounds[i].Select(round => round.Processor).Median())} of processor time each")),
            ];
        }
        finally
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static double Middle(IReadOnlyList<Answered> rounds, Func<Answered, double> of) => rounds.Select(of).Median();
}
