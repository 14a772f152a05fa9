using System.Diagnostics;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module.Payments;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.Storage;

/// <summary>Payments arrive at 100 a second; how long each waits while nothing else happens, and while retention erases old ones.</summary>
internal sealed class RetentionBenchmark : IBenchmark
{
    private const int InsertsPerSecond = 100;

    public string Name => "retention";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var store = await BenchStore.OpenAsync(folder);
        var (old, perRound) = (scale.Of(400, 20_000), scale.Of(400, 4_000));
        var next = (long)old;
        await store.FillAsync(next, old, now);
        next += old;
        var retention = new RetentionJob(
            store.Database, store.Sealer, store.Erasures, new BridgeRetention(new BridgeTable(store.Database, TimeProvider.System), store.Erasures),
            new ClockTrust(new RetentionTable(store.Database), store.Options, TimeProvider.System), TimeProvider.System, store.Options, NullLogger<RetentionJob>.Instance);
        var (idle, beside, erasing) = (new List<double>(), new List<double>(), TimeSpan.Zero);
        for (var erased = 0; erased < old; erased += perRound)
        {
            await store.FillAsync(erased, perRound, now.AddYears(-4));
            using (var quiet = new CancellationTokenSource(TimeSpan.FromSeconds(scale.Of(0.5, 8))))
            {
                idle.AddRange(await InsertsAsync(quiet.Token));
            }

            using var done = new CancellationTokenSource();
            var inserts = InsertsAsync(done.Token);
            var started = Stopwatch.GetTimestamp();
            var report = await retention.RunAsync(dryRun: false, CancellationToken.None);
            erasing += Stopwatch.GetElapsedTime(started);
            await done.CancelAsync();
            beside.AddRange(await inserts);
            if (report.Payments != perRound)
            {
                throw new InvalidOperationException($"Retention erased {report.Payments} payments of {perRound}.");
            }
        }

        var what = $"while {old:#,0} payments are erased ({Figures.PerSecond(old / erasing.TotalSeconds)})";
        return
        [
            Row.AtMost($"insert at {InsertsPerSecond}/s {what}, p99 beside idle p99", idle.Percentile(99), beside.Percentile(99), 4, Figures.Milliseconds),
            Row.Below($"the same, the longest (idle {Figures.Milliseconds(idle.Max())})", beside.Max(), 150, Figures.Milliseconds),
        ];

        // Each at its time, whether or not the one before is through; measured from that time on.
        async Task<IReadOnlyList<double>> InsertsAsync(CancellationToken end)
        {
            var started = Stopwatch.GetTimestamp();
            var inserts = new List<Task<double>>();
            while (!end.IsCancellationRequested)
            {
                var due = TimeSpan.FromSeconds(inserts.Count / (double)InsertsPerSecond);
                if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, CancellationToken.None);
                    continue;
                }

                inserts.Add(InsertAsync(next++, started, due));
            }

            return await Task.WhenAll(inserts);
        }

        async Task<double> InsertAsync(long number, long started, TimeSpan due)
        {
            await store.Archive.AppendAsync(BenchPayments.Delivery(number, now));
            return (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
        }
    }
}
