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
        return
        [
            Row.Seen("seal payments of 5.8 KB with their facts, SQLite, records", Figures.PerSecond(sealing.Median())),
            new($"verify them, the whole pass, records", "-", Figures.PerSecond(verifying.Median()), null, $">= {Figures.PerSecond(VerifiedPerSecond)}", verifying.Median() >= VerifiedPerSecond),
            Row.Shown("acknowledge while everything is sealed every second, beside not sealing", rounds[0].Select(AcknowledgeBenchmark.PerSecond).Median(), rounds[1].Select(AcknowledgeBenchmark.PerSecond).Median(), Figures.PerSecond),
            Row.Shown("the same, p99", rounds[0].Select(AcknowledgeBenchmark.P99).Median(), rounds[1].Select(AcknowledgeBenchmark.P99).Median(), Figures.Milliseconds),
        ];
    }

    private static async Task<(IReadOnlyList<double> Sealing, IReadOnlyList<double> Verifying)> SealAsync(Scale scale, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var store = await BenchStore.OpenAsync(folder);
        using var key = new SealingKey(store.Options.Archive, folder);
        var checkpointTable = new CheckpointTable(store.Database);
        using var checkpoints = new Checkpoints(
            checkpointTable, store.Evidence, store.Sealer, key, [new CheckpointFolder(Path.Combine(folder, "checkpoints"))], TimeProvider.System, NullLogger<Checkpoints>.Instance);
        using var verifier = new ArchiveVerifier(
            store.Evidence, checkpointTable, checkpoints, key, store.Sealer, new VerificationState(Path.Combine(folder, VerificationState.FileName)), store.Options.Archive, TimeProvider.System);
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
