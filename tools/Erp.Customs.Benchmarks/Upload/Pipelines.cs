using Dapper;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;
using Erp.Customs.Simulator;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>The module and the hand-written pipeline, with the same payments and the same key, before the same customs, which run in a process of their own.</summary>
internal sealed class BothPipelines : IAsyncDisposable
{
    private const int Payments = 2_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly CustomsProcess _customs;
    private readonly ModuleWorld _module;
    private readonly HandWrittenPipeline _byHand;
    private long _lastRow;

    private BothPipelines(CustomsProcess customs, ModuleWorld module, HandWrittenPipeline byHand) => (_customs, _module, _byHand) = (customs, module, byHand);

    /// <summary>The job engine that drives the module.</summary>
    public string Engine => _module.Service<IUploadEngine>().Name;

    public static async Task<BothPipelines> StartAsync(string folder)
    {
        var card = BenchCard.Issue(folder, CardKind.Rsa1024);
        var customs = await CustomsProcess.StartAsync(Path.Combine(folder, "customs"), card.CertificateFile, card.Card.CertNo);
        var module = await ModuleWorld.StartAsync(folder, card.Merchant, customs.UploadAddress);
        var payments = new Dictionary<string, PayExchange>(StringComparer.Ordinal);
        var archive = module.Service<PaymentArchive>();
        for (var number = 0; number < Payments; number++)
        {
            var delivery = BenchPayments.Delivery(number, TimeProvider.System.GetUtcNow());
            await archive.AppendAsync(delivery);
            payments.Add(
                BenchPayments.OrderNo(number),
                PayExchangeDraft.From(card.Merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts, Guid.NewGuid()).Exchange);
        }

        return new BothPipelines(
            customs, module, await HandWrittenPipeline.StartAsync(folder, payments, card.Card.CertNo, card.Card.PrivateKey.ToArray(), customs.UploadAddress));
    }

    /// <summary>Has customs ask the hand-written pipeline.</summary>
    public async Task<Answered> ByHandAsync(Func<AskingLoad, AskedLoad> ask)
    {
        var before = _byHand.Done;
        var speed = Speed.Start();
        var load = await Task.Run(() => ask(new AskingLoad(_byHand.PlatDataOpen, Payments)));
        await UntilAsync(() => Task.FromResult(_byHand.Done - before == load.Requests.Count));
        return await AnsweredAsync(load, [], speed.Of(load.Requests.Count));
    }

    /// <summary>Has customs ask the module.</summary>
    public async Task<Answered> ModuleAsync(Func<AskingLoad, AskedLoad> ask)
    {
        var requests = _module.Service<RequestTable>();
        var before = (await requests.CountByStateAsync(new RequestSearch(), CancellationToken.None))[RequestState.Accepted];
        var speed = Speed.Start();
        var load = await Task.Run(() => ask(new AskingLoad(_module.PlatDataOpen, Payments)));
        await UntilAsync(async () => (await requests.CountByStateAsync(new RequestSearch(), CancellationToken.None))[RequestState.Accepted] - before == load.Requests.Count);
        var cost = speed.Of(load.Requests.Count);
        var rows = await _module.Service<CustomsDatabase>().ReadAsync(
            async connection => (await connection.QueryAsync<(long Id, long ReceivedAt, long FinishedAt)>(
                "SELECT id, received_at, finished_at FROM customs_request WHERE id > @last ORDER BY id", new { last = _lastRow })).AsList(),
            CancellationToken.None);
        _lastRow = rows[^1].Id;
        return await AnsweredAsync(load, [.. rows.Select(row => (double)(row.FinishedAt - row.ReceivedAt))], cost);
    }

    public async ValueTask DisposeAsync()
    {
        await _byHand.DisposeAsync();
        await _module.DisposeAsync();
        await _customs.DisposeAsync();
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

/// <summary>One round.</summary>
/// <param name="P50">Milliseconds from customs' first byte to their acceptance, by the clock of the asker and customs' own log.</param>
/// <param name="P99">The same.</param>
/// <param name="PerSecond">From the first byte asked to the last acceptance.</param>
/// <param name="Processor">Microseconds of processor time that one request cost this process, the asking included, customs not.</param>
/// <param name="Rows">Milliseconds from receipt to end in the module's own rows, where there are any.</param>
internal sealed record Answered(double P50, double P99, double PerSecond, double Processor, IReadOnlyList<double> Rows);
