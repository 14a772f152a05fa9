using Dapper;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;
using Erp.Customs.Simulator;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>
/// The module with each job engine that is built in, and the hand-written pipeline, with the same payments and the same key, before the same customs, which run in a process
/// of their own.
/// </summary>
internal sealed class Pipelines : IAsyncDisposable
{
    private const int Payments = 2_000;
    private const int Writers = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly CustomsProcess _customs;
    private readonly IReadOnlyList<DrivenModule> _modules;
    private readonly HandWrittenPipeline _byHand;

    private Pipelines(CustomsProcess customs, IReadOnlyList<DrivenModule> modules, HandWrittenPipeline byHand) => (_customs, _modules, _byHand) = (customs, modules, byHand);

    /// <summary>The job engines, in the order of <see cref="AlternateAsync"/>.</summary>
    public IReadOnlyList<string> Engines => [.. _modules.Select(module => module.Engine)];

    public static async Task<Pipelines> StartAsync(string folder)
    {
        var card = BenchCard.Issue(folder, CardKind.Rsa1024);
        var customs = await CustomsProcess.StartAsync(Path.Combine(folder, "customs"), card.CertificateFile, card.Card.CertNo);
        var deliveries = Enumerable.Range(0, Payments).Select(number => BenchPayments.Delivery(number, TimeProvider.System.GetUtcNow())).ToList();
        var modules = new List<DrivenModule>();
        foreach (var engine in World.Engines.BuiltIn)
        {
            var module = await ModuleWorld.StartAsync(Directory.CreateDirectory(Path.Combine(folder, $"{engine}")).FullName, card.Merchant, customs.UploadAddress, engine: engine);
            var archive = module.Service<PaymentArchive>();
            await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (delivery, _) => await archive.AppendAsync(delivery));
            modules.Add(new DrivenModule(module));
        }

        var payments = deliveries.Select((delivery, number) => (
            OrderNo: BenchPayments.OrderNo(number),
            PayExchangeDraft.From(card.Merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts, Guid.NewGuid()).Exchange));
        return new Pipelines(
            customs, modules,
            await HandWrittenPipeline.StartAsync(folder, payments.ToDictionary(one => one.OrderNo, one => one.Exchange, StringComparer.Ordinal), card.Card.CertNo, card.Card.PrivateKey.ToArray(), customs.UploadAddress));
    }

    /// <summary>Has customs ask all of them in turns: the hand-written pipeline, then the module with each engine.</summary>
    public Task<IReadOnlyList<IReadOnlyList<Answered>>> AlternateAsync(int rounds, Func<AskingLoad, AskedLoad> ask) =>
        Rounds.AlternateAsync(rounds, [() => ByHandAsync(ask), .. _modules.Select(module => new Func<Task<Answered>>(() => ModuleAsync(module, ask)))]);

    public async ValueTask DisposeAsync()
    {
        await _byHand.DisposeAsync();
        foreach (var module in _modules)
        {
            await module.World.DisposeAsync();
        }

        await _customs.DisposeAsync();
    }

    /// <summary>Has customs ask the hand-written pipeline.</summary>
    private async Task<Answered> ByHandAsync(Func<AskingLoad, AskedLoad> ask)
    {
        var before = _byHand.Done;
        var speed = Speed.Start();
        var load = await Task.Run(() => ask(new AskingLoad(_byHand.PlatDataOpen, Payments)));
        await UntilAsync(() => Task.FromResult(_byHand.Done - before == load.Requests.Count));
        return await AnsweredAsync(load, [], speed.Of(load.Requests.Count));
    }

    /// <summary>Has customs ask the module.</summary>
    private async Task<Answered> ModuleAsync(DrivenModule module, Func<AskingLoad, AskedLoad> ask)
    {
        var requests = module.World.Service<RequestTable>();
        var before = (await requests.CountByStateAsync(new RequestSearch(), CancellationToken.None))[RequestState.Accepted];
        var speed = Speed.Start();
        var load = await Task.Run(() => ask(new AskingLoad(module.World.PlatDataOpen, Payments)));
        await UntilAsync(async () => (await requests.CountByStateAsync(new RequestSearch(), CancellationToken.None))[RequestState.Accepted] - before == load.Requests.Count);
        var cost = speed.Of(load.Requests.Count);
        var rows = await module.World.Service<CustomsDatabase>().ReadAsync(
            async connection => (await connection.QueryAsync<(long Id, long ReceivedAt, long FinishedAt)>(
                "SELECT id, received_at, finished_at FROM customs_request WHERE id > @last ORDER BY id", new { last = module.LastRow })).AsList(),
            CancellationToken.None);
        module.LastRow = rows[^1].Id;
        return await AnsweredAsync(load, [.. rows.Select(row => (double)(row.FinishedAt - row.ReceivedAt))], cost);
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await reached())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private async Task<Answered> AnsweredAsync(AskedLoad load, IReadOnlyList<double> rows, Speed cost)
    {
        var accepted = await _customs.AcceptedAsync();
        var times = load.Requests.Select(one => (accepted[one.SessionId] - one.SentAt).TotalMilliseconds).ToList();
        var elapsed = accepted.Values.Max() - load.Requests.Min(one => one.SentAt);
        return new(times.Percentile(50), times.Percentile(99), times.Count / elapsed.TotalSeconds, cost.Processor, rows);
    }
}

/// <summary>The module in a world of its own.</summary>
internal sealed record DrivenModule(ModuleWorld World)
{
    /// <summary>The job engine that drives it.</summary>
    public string Engine => World.Service<IUploadEngine>().Name;

    /// <summary>Id of the last request that was counted.</summary>
    public long LastRow { get; set; }
}

/// <summary>One round.</summary>
/// <param name="P50">Milliseconds from customs' first byte to their acceptance, by the clock of the asker and customs' own log.</param>
/// <param name="P99">The same.</param>
/// <param name="PerSecond">From the first byte asked to the last acceptance.</param>
/// <param name="Processor">Microseconds of processor time that one request cost this process, the asking included, customs not.</param>
/// <param name="Rows">Milliseconds from receipt to end in the module's own rows, where there are any.</param>
internal sealed record Answered(double P50, double P99, double PerSecond, double Processor, IReadOnlyList<double> Rows);
