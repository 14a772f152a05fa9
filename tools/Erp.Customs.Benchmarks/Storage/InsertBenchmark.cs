using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;

namespace Erp.Customs.Benchmarks.Storage;

/// <summary>Durable insert of payments by 64 callers at a time, beside writing the same bytes to a file and flushing it to the disk once for 64 of them.</summary>
internal sealed class InsertBenchmark : IBenchmark
{
    private const int Callers = 64;

    public string Name => "insert";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var count = scale.Of(1_024, 12_800);
        await using var store = await BenchStore.OpenAsync(folder);
        var first = 0L;
        var size = Bytes(BenchPayments.Delivery(1, DateTimeOffset.UnixEpoch)).Length;
        var rounds = await Rounds.AlternateAsync(
            scale.Rounds,
            () => Task.FromResult(ToFile(Path.Combine(folder, "plain"), Prepare(0, count))),
            () => ToArchiveAsync(store, Prepare((first += count) - count, count)));
        var row = Row.AtLeast(
            $"durable insert of a payment of {Figures.Bytes(size)}, {Callers} callers, beside write and fsync of the same bytes",
            rounds[0].Select(one => one.PerSecond).Median(), rounds[1].Select(one => one.PerSecond).Median(), 0.25, Figures.PerSecond);
        return [row with { Reached = $"{row.Reached}, {Figures.Microseconds(rounds[1].Select(one => one.Processor).Median())} of processor time each" }];
    }

    private static List<PaymentDelivery> Prepare(long first, int count) => [.. Enumerable.Range(0, count).Select(i => BenchPayments.Delivery(first + i, TimeProvider.System.GetUtcNow()))];

    private static async Task<Speed> ToArchiveAsync(BenchStore store, List<PaymentDelivery> deliveries)
    {
        var next = -1;
        var speed = Speed.Start();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < deliveries.Count)
            {
                await store.Archive.AppendAsync(deliveries[i]);
            }
        })));
        return speed.Of(deliveries.Count);
    }

    private static Speed ToFile(string path, List<PaymentDelivery> deliveries)
    {
        var groups = deliveries.Chunk(Callers).Select(group => group.SelectMany(Bytes).ToArray()).ToList();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var speed = Speed.Start();
        foreach (var group in groups)
        {
            file.Write(group);
            file.Flush(flushToDisk: true);
        }

        return speed.Of(deliveries.Count);
    }

    private static byte[] Bytes(PaymentDelivery delivery) => [.. delivery.InitialRequest.Bytes.Span, .. delivery.InitialResponse.Bytes.Span, .. FactsJson.Write(delivery.Facts)];
}
