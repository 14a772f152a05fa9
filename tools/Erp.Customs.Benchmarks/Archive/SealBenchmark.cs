using System.Diagnostics;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.Platform;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.Archive;

/// <summary>How quickly payments are sealed and verified again, and what sealing takes from the acknowledging beside it.</summary>
internal sealed class SealBenchmark : IBenchmark
{
    private const double VerifiedPerSecond = 20_000;

    public string Name => "seal";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var (sealing, verifying) = await SealAsync(scale, Path.Combine(folder, "store"));
        var rounds = await BesideAsync(scale, folder);
        var clean = scale.Full ? await CleanAsync(Path.Combine(folder, "clean")) : [];
        return
        [
            .. clean,
            Row.Seen("seal payments of 5.8 KB with their facts, SQLite, records", Figures.PerSecond(sealing.Median())),
            new($"verify them, the whole pass, records", "-", Figures.PerSecond(verifying.Median()), null, $">= {Figures.PerSecond(VerifiedPerSecond)}", verifying.Median() >= VerifiedPerSecond),
            Row.Shown("acknowledge while everything is sealed every second, beside not sealing", rounds[0].Select(AcknowledgeBenchmark.PerSecond).Median(), rounds[1].Select(AcknowledgeBenchmark.PerSecond).Median(), Figures.PerSecond),
            Row.Shown("the same, p99", rounds[0].Select(AcknowledgeBenchmark.P99).Median(), rounds[1].Select(AcknowledgeBenchmark.P99).Median(), Figures.Milliseconds),
        ];
    }

    /// <summary>A large archive to which nothing was done: whatever is found is a false alarm.</summary>
    private static async Task<IReadOnlyList<Row>> CleanAsync(string folder)
    {
        const int Payments = 500_000;
        await using var world = await ArchiveWorld.OpenAsync(folder);
        for (var from = 0; from < Payments; from += Payments / 20)
        {
            await world.Store.FillAsync(from, Payments / 20, TimeProvider.System.GetUtcNow());
            await world.Store.Sealer.SealAsync(CancellationToken.None);
            await world.Checkpoints.MakeAsync(CancellationToken.None);
        }

        var verification = await world.Verifier.VerifyAsync(new ArchiveRange(), progress: null, CancellationToken.None);
        return [new Row(
            $"verify {verification.Checked:#,0} clean records up to 20 checkpoints, false alarms", "-",
            $"{verification.FindingsTotal} in {verification.Took.TotalSeconds:0.0} s", null, "0", verification.FindingsTotal == 0 && verification.Checked == 2L * Payments)];
    }

    private static async Task<(IReadOnlyList<double> Sealing, IReadOnlyList<double> Verifying)> SealAsync(Scale scale, string folder)
    {
        await using var world = await ArchiveWorld.OpenAsync(folder);
        var (store, checkpoints, verifier) = (world.Store, world.Checkpoints, world.Verifier);
        var (sealing, verifying) = (new List<double>(), new List<double>());
        var perRound = scale.Of(500, 10_000);
        for (var round = 0; round < scale.Rounds; round++)
        {
            await store.FillAsync((long)round * perRound, perRound, TimeProvider.System.GetUtcNow());
            var started = Stopwatch.GetTimestamp();
            var count = await store.Sealer.SealAsync(CancellationToken.None);
            sealing.Add(count / Stopwatch.GetElapsedTime(started).TotalSeconds);
            await checkpoints.MakeAsync(CancellationToken.None);
            var verification = await verifier.VerifyAsync(new ArchiveRange(), progress: null, CancellationToken.None);
            if (!verification.IsClean || verification.Checked != (round + 1) * 2L * perRound)
            {
                throw new InvalidOperationException($"The archive is not whole: {verification.Checked} seals, {verification.FindingsTotal} findings.");
            }

            verifying.Add(verification.Checked / verification.Took.TotalSeconds);
        }

        return (sealing, verifying);
    }

    /// <summary>The store with what seals and verifies it.</summary>
    private sealed class ArchiveWorld(BenchStore store, SealingKey key, Checkpoints checkpoints, ArchiveVerifier verifier) : IAsyncDisposable
    {
        public BenchStore Store => store;

        public Checkpoints Checkpoints => checkpoints;

        public ArchiveVerifier Verifier => verifier;

        public static async Task<ArchiveWorld> OpenAsync(string folder)
        {
            Directory.CreateDirectory(folder);
            var store = await BenchStore.OpenAsync(folder);
            var key = new SealingKey(store.Options.Archive, folder);
            var table = new CheckpointTable(store.Database);
            var checkpoints = new Checkpoints(
                table, store.Evidence, store.Sealer, key, [new CheckpointFolder(Path.Combine(folder, "checkpoints"))], TimeProvider.System, NullLogger<Checkpoints>.Instance);
            return new ArchiveWorld(store, key, checkpoints, new ArchiveVerifier(
                store.Evidence, table, checkpoints, key, store.Sealer, new VerificationState(Path.Combine(folder, VerificationState.FileName)), store.Options.Archive, TimeProvider.System));
        }

        public ValueTask DisposeAsync()
        {
            verifier.Dispose();
            checkpoints.Dispose();
            key.Dispose();
            return store.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<IReadOnlyList<AskedLoad>>> BesideAsync(Scale scale, string folder)
    {
        var duration = TimeSpan.FromSeconds(scale.Of(0.3, 3));
        await using var alone = await WorldAsync("0 0 0 1 1 ? 2099", "alone");
        await using var beside = await WorldAsync("* * * * * ?", "beside");
        return await Rounds.AlternateAsync(scale.Rounds, () => AcknowledgeBenchmark.AskAsync(alone, duration), () => AcknowledgeBenchmark.AskAsync(beside, duration));

        Task<ModuleWorld> WorldAsync(string cron, string name)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            return AcknowledgeBenchmark.StartAsync(own, [("Customs:Archive:SealingCron", cron)]);
        }
    }
}
