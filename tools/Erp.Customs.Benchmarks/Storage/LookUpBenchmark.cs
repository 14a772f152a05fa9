using System.Diagnostics;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;

namespace Erp.Customs.Benchmarks.Storage;

/// <summary>Finding the payment of an order among many, cold orders in no order.</summary>
internal sealed class LookUpBenchmark : IBenchmark
{
    public string Name => "look-up";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var payments = scale.Short ? 2_000 : scale.Full ? 1_000_000 : 200_000;
        var traded = TimeProvider.System.GetUtcNow();
        await using var store = await BenchStore.OpenAsync(folder);
        await store.FillAsync(0, payments, traded);
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < scale.Of(200, 10_000); i++)
        {
            var orderNo = BenchPayments.OrderNo(random.Next(payments));
            var started = Stopwatch.GetTimestamp();
            var found = await store.Archive.FindForOrderAsync(orderNo, merchant: null, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (found is null)
            {
                throw new InvalidOperationException($"Order {orderNo} was stored and is not found.");
            }
        }

        return [Row.Below($"look-up by order number among {payments:#,0} payments, p99 (p50 {Figures.Milliseconds(times.Median())})", times.Percentile(99), 5, Figures.Milliseconds)];
    }
}
