using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Platform;
using Erp.Customs.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Platform;

/// <summary>
/// platDataOpen, acknowledged when durable, beside an endpoint of the same server that reads, parses and answers the same and stores nothing.
/// The job engine is there and is handed every id, but its workers wait for an ERP that takes its time (the order port), so that the acknowledging alone is measured.
/// </summary>
internal sealed class AcknowledgeBenchmark : IBenchmark
{
    private const int Connections = 32;
    private const string StoringNothing = "/nothing/platDataOpen";

    public string Name => "acknowledge";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var duration = TimeSpan.FromSeconds(scale.Of(0.3, 3));
        await using var world = await StartAsync(folder, []);
        var rounds = await Rounds.AlternateAsync(
            scale.Rounds,
            () => AskAsync(new AskingLoad(new Uri(world.Address, StoringNothing), payments: 0), duration),
            () => AskAsync(world, duration));
        return
        [
            Row.AtLeast(
                $"acknowledge durably, {Connections} connections, beside the endpoint storing nothing",
                rounds[0].Select(PerSecond).Median(), rounds[1].Select(PerSecond).Median(), 0.35, Figures.PerSecond),
            Row.Below(
                $"the same, p99 (storing nothing {Figures.Milliseconds(rounds[0].Select(P99).Median())})",
                rounds[1].Select(P99).Median(), 10, Figures.Milliseconds),
        ];
    }

    /// <summary>An ERP in which acknowledging is all that is done.</summary>
    public static Task<ModuleWorld> StartAsync(string folder, IReadOnlyList<(string Name, string Value)> settings) => ModuleWorld.StartAsync(
        folder, BenchCard.Issue(folder, CardKind.Rsa1024).Merchant, new Uri("http://127.0.0.1:9/"),
        services => services.AddSingleton<IOrderSource, SlowErp>(),
        app => app.MapPost(StoringNothing, AnswerAsync),
        settings: settings);

    /// <summary>Asks it.</summary>
    public static Task<AskedLoad> AskAsync(ModuleWorld world, TimeSpan duration) => AskAsync(new AskingLoad(world.PlatDataOpen, payments: 0), duration);

    /// <summary>Requests acknowledged in a second.</summary>
    public static double PerSecond(AskedLoad load) => load.Requests.Count / load.Elapsed.TotalSeconds;

    /// <summary>Milliseconds that one in a hundred took longer than.</summary>
    public static double P99(AskedLoad load) => load.Requests.Select(one => one.Took.TotalMilliseconds).Percentile(99);

    private static Task<AskedLoad> AskAsync(AskingLoad load, TimeSpan duration) => Task.Run(() => load.Flood(Connections, duration));

    private static async Task AnswerAsync(HttpContext http)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
            await PlatDataOpenEndpoint.WriteAsync(http, OpenReqReader.Read(buffer.AsSpan(0, length), out _), "", TimeProvider.System);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Answers no question within the time that the module waits.</summary>
    private sealed class SlowErp : IOrderSource
    {
        public async Task<PaymentDelivery?> FindPaymentAsync(string orderNo, string? merchant, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}
