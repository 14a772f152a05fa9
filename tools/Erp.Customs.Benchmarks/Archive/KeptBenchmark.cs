using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Benchmarks.Archive;

/// <summary>What a payment takes in the archive, compressed and encrypted, and what that costs; and that any bytes come out as they went in.</summary>
internal sealed class KeptBenchmark : IBenchmark
{
    private const double MostOfRaw = 0.25;
    private const double MostMicroseconds = 500;
    private const int Callers = 64;

    /// <summary>Payments of which the size is measured.</summary>
    private const int Sized = 1_000;

    public string Name => "kept";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        await using var store = await BenchStore.OpenAsync(folder);
        var vault = store.Database.Content;
        var duration = TimeSpan.FromSeconds(scale.Of(0.1, 2));
        var payment = Parts(BenchPayments.Delivery(7, DateTimeOffset.UnixEpoch));
        var kept = vault.KeepTogether(payment);
        var equal = scale.Short ? 1_000 : scale.Full ? 100_000 : 20_000;
        await ComeOutAsync(store, equal);
        return
        [
            Size("a payment, its request, response and facts, in the archive beside their bytes", vault, BenchPayments.Delivery),
            Size("the same with goods that the dictionary never saw", vault, BenchPayments.DeliveryOfUnseenGoods),
            Row.Below("keep one, processor time", Loop.Run(duration, () => vault.KeepTogether(payment)).Microseconds, MostMicroseconds, Figures.Microseconds),
            Row.Seen("open one, processor time", Figures.Microseconds(Loop.Run(duration, () => vault.OpenTogether(kept)).Microseconds)),
            Row.Seen("random payments (any bytes, 0 to 8 KB, one in 1,000 of 2 MB) stored and read again, byte for byte the same", $"{equal:#,0} of {equal:#,0}"),
        ];
    }

    private static Row Size(string what, ContentVault vault, Func<long, DateTimeOffset, PaymentDelivery> delivery)
    {
        var all = Enumerable.Range(0, Sized).Select(number => Parts(delivery(number, DateTimeOffset.UnixEpoch.AddYears(56)))).ToList();
        return Row.AtMost(what, all.Average(parts => parts.Sum(part => part.Length)), all.Average(parts => vault.KeepTogether(parts).Length), MostOfRaw, Figures.Bytes);
    }

    private static IReadOnlyList<byte[]> Parts(PaymentDelivery payment) => [payment.InitialRequest.Bytes.ToArray(), payment.InitialResponse.Bytes.ToArray(), FactsJson.Write(payment.Facts)];

    private static async Task ComeOutAsync(BenchStore store, int count)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
            {
                var payment = Any(number);
                await store.Archive.AppendAsync(payment);
                var read = (await store.Archive.FindForOrderAsync(BenchPayments.OrderNo(number), merchant: null, CancellationToken.None))!.Payment;
                if (!read.InitialRequest.Bytes.AsSpan().SequenceEqual(payment.InitialRequest.Bytes.Span) || !read.InitialResponse.Bytes.AsSpan().SequenceEqual(payment.InitialResponse.Bytes.Span))
                {
                    throw new InvalidOperationException($"Random payment {number} did not come out as it went in.");
                }
            }
        })));
    }

    /// <summary>Bytes of every kind: random ones, ASCII full of percent codes, words.</summary>
    private static PaymentDelivery Any(int number)
    {
        var random = new Random(number);
        return BenchPayments.Delivery(number, DateTimeOffset.UnixEpoch.AddYears(56)) with { InitialRequest = new(Bytes(random, number), "utf-8"), InitialResponse = new(Bytes(random, number + 1), "utf-8") };
    }

    private static byte[] Bytes(Random random, int number)
    {
        var bytes = new byte[number % 1_000 == 0 ? 2 * 1024 * 1024 : random.Next(8 * 1024)];
        if (number % 3 == 0)
        {
            random.NextBytes(bytes);
        }
        else
        {
            var alphabet = number % 3 == 1 ? "%%%E5A90B4e5=&{}\"奶粉"u8 : "%E5%A5%B6%E7%B2%89&sign="u8;
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = number % 3 == 1 ? alphabet[random.Next(alphabet.Length)] : alphabet[i % alphabet.Length];
            }
        }

        return bytes;
    }
}
