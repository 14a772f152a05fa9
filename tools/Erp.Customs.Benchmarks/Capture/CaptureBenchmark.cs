using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Capture;

/// <summary>
/// What capture costs a payment: the ERP's call to a payment company with and without the handler, and the notify's call to the ERP with and without the middleware. What is
/// captured goes into the running module, in the same process, and its storing is part of the processor time.
/// </summary>
internal sealed class CaptureBenchmark : IBenchmark
{
    private const int PerSecond = 200;
    private const string Client = "wechat";

    private static readonly (int Size, string Words)[] s_sizes = [(1_500, "1.5 KB"), (30_000, "30 KB")];

    private readonly byte[][] _answers = [.. s_sizes.Select(one => WeChatLike.OrderAnswer(one.Size))];

    public string Name => "capture";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        await using var company = await PaymentCompany.StartAsync(_answers);
        await using var world = await ModuleWorld.StartAsync(folder, BenchCard.Issue(folder, CardKind.Rsa1024).Merchant, new Uri("http://127.0.0.1:9/"), AddClients, MapNotifies);
        var clients = world.Erp.GetRequiredService<IHttpClientFactory>();
        var (plain, heard) = (clients.CreateClient(), clients.CreateClient(Client));
        var duration = TimeSpan.FromSeconds(scale.Of(0.2, 2));
        var rows = new List<Row>();
        foreach (var (index, (size, words)) in s_sizes.Index())
        {
            var pay = new Uri(company.Address, $"/{index}");
            rows.AddRange(await CompareAsync(
                scale, world, $"a payment call, {words} each way, with the capture handler",
                () => PaidCalls.RunAsync(plain, pay, number => WeChatLike.Order(number, size), PerSecond, duration, Flush(world)),
                () => PaidCalls.RunAsync(heard, pay, number => WeChatLike.Order(number, size), PerSecond, duration, Flush(world))));
            rows.AddRange(await CompareAsync(
                scale, world, $"a notify of {words}, with the capture middleware",
                () => PaidCalls.RunAsync(plain, new Uri(world.Address, "/plain"), number => WeChatLike.Notify(number, size), PerSecond, duration, Flush(world)),
                () => PaidCalls.RunAsync(plain, new Uri(world.Address, "/heard"), number => WeChatLike.Notify(number, size), PerSecond, duration, Flush(world))));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> CompareAsync(Scale scale, ModuleWorld world, string what, Func<Task<PaidCalls>> without, Func<Task<PaidCalls>> with)
    {
        var capture = world.Erp.GetRequiredService<IPaymentCapture>();
        var before = capture.Count(CaptureOutcome.Stored);
        var captured = 0L;
        var rounds = await Rounds.AlternateAsync(scale.Rounds, without, async () =>
        {
            var calls = await with();
            captured += 2 * calls.Milliseconds.Count;
            return calls;
        });
        if (capture.Count(CaptureOutcome.Stored) - before != captured)
        {
            throw new InvalidOperationException($"{capture.Count(CaptureOutcome.Stored) - before} messages were stored of {captured}: what is measured must be the whole work.");
        }

        var (limit, reached) = (rounds[0], rounds[1]);
        return
        [
            Row.AtMost($"{what}, p50", P(limit, 50), P(reached, 50), 1.1, Figures.Microseconds),
            Row.AtMost($"{what}, p99", P(limit, 99), P(reached, 99), 1.25, Figures.Microseconds),
            Row.AtMostMore($"{what}, processor time of the call and all that comes after it", Processor(limit), Processor(reached), 100, Figures.Microseconds),
        ];
    }

    /// <summary>Of each round, and of these the middle one.</summary>
    private static double P(IReadOnlyList<PaidCalls> rounds, double percent) => rounds.Select(round => round.Milliseconds.Percentile(percent) * 1000).Median();

    private static double Processor(IReadOnlyList<PaidCalls> rounds) => rounds.Select(round => round.Processor).Median();

    private static Func<Task> Flush(ModuleWorld world) => () => world.Erp.GetRequiredService<IPaymentCapture>().FlushAsync(CancellationToken.None);

    private static void AddClients(IServiceCollection services)
    {
        services.AddHttpClient();
        services.AddHttpClient(Client).AddRawPaymentCapture(o => (o.Merchant, o.Channel, o.TradeNo) = (BenchPayments.Merchant, "wechat", TradeNo.Xml("out_trade_no")));
    }

    private static void MapNotifies(WebApplication app)
    {
        app.CapturePaymentNotify("/heard", o => (o.Merchant, o.Channel, o.TradeNo) = (BenchPayments.Merchant, "wechat", TradeNo.Xml("out_trade_no")));
        app.MapPost("/heard", TakeNotifyAsync);
        app.MapPost("/plain", TakeNotifyAsync);
    }

    /// <summary>As an ERP takes one: reads all of it, and answers that it is well.</summary>
    private static async Task TakeNotifyAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var notify = await reader.ReadToEndAsync(http.RequestAborted);
        http.Response.ContentType = "text/xml";
        await http.Response.WriteAsync(
            notify.Contains("SUCCESS", StringComparison.Ordinal) ? "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>" : "<xml><return_code><![CDATA[FAIL]]></return_code></xml>", http.RequestAborted);
    }
}
