using System.Diagnostics;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.Signing;

/// <summary>A signature through a sign agent, beside the same key file in the module's own process: what the table, two calls over HTTP and the long poll add.</summary>
internal sealed class AgentBenchmark : IBenchmark
{
    private const int Callers = 16;

    public string Name => "agent";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var card = BenchCard.Issue(folder, CardKind.Rsa1024);
        await using var here = KeyFileSigner.Load(card.Merchant, TimeProvider.System, NullLogger.Instance);
        await using var world = await ModuleWorld.StartAsync(folder, AgentProcess.Behind(card.Merchant), new Uri("http://127.0.0.1:9/"));
        await using var agent = await AgentProcess.StartAsync(Path.Combine(folder, "agent"), new Uri(world.Address, "/customs"), card.Merchant);
        var there = world.Service<Signers>().Of(card.Merchant.Name)[0];

        var calls = scale.Of(50, 1_000);
        var alone = await Rounds.AlternateAsync(scale.Rounds, () => OneByOneAsync(here, calls), () => OneByOneAsync(there, calls));
        var many = await Rounds.AlternateAsync(scale.Rounds, () => ManyAsync(here, calls), () => ManyAsync(there, calls));
        double Of(int side, double percent) => alone[side].Select(round => round.Percentile(percent)).Median();
        return
        [
            Row.Shown("a text of 6 KB signed through the agent, beside the same key file without it, p50", Of(0, 50), Of(1, 50), Figures.Milliseconds),
            Row.Shown("the same, p99", Of(0, 99), Of(1, 99), Figures.Milliseconds),
            Row.Seen("latency that the agent adds", $"p50 {Figures.Milliseconds(Of(1, 50) - Of(0, 50))}, p99 {Figures.Milliseconds(Of(1, 99) - Of(0, 99))}"),
            Row.Shown($"signatures through one agent, {Callers} at a time", many[0].Median(), many[1].Median(), Figures.PerSecond),
        ];
    }

    /// <returns>Milliseconds of each.</returns>
    private static async Task<IReadOnlyList<double>> OneByOneAsync(ISigner signer, int calls)
    {
        var took = new List<double>(calls);
        for (var call = 0; call < calls; call++)
        {
            var began = Stopwatch.GetTimestamp();
            await signer.SignAsync(Text(call), CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return took;
    }

    /// <returns>How many a second.</returns>
    private static async Task<double> ManyAsync(ISigner signer, int calls)
    {
        var left = calls;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await signer.SignAsync(Text(left), CancellationToken.None);
            }
        })));
        return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static SigningRequest Text(int number) => new($"session-{number}", new string('x', 6000), "[]", 1544519952469);
}
