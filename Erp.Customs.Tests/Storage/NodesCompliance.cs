using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Storage;

/// <summary>Several nodes on one database, exactly as the product connects to it: for every engine that is shared.</summary>
public abstract class NodesCompliance<TEngine> : IAsyncLifetime where TEngine : ServerEngine, new()
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    private readonly TEngine _engine = new();
    private Node _one = null!;
    private Node _two = null!;

    public async Task InitializeAsync()
    {
        await _engine.InitializeAsync();
        _one = await OpenAsync(new ManualTime());
        await _one.Migrations.ApplyAsync(default);
        _two = await OpenAsync(new ManualTime());
    }

    public async Task DisposeAsync()
    {
        await _one.Database.DisposeAsync();
        await _two.Database.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [EngineFact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        await using var engine = new TEngine();
        await engine.InitializeAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(new ManualTime(), engine)));

        var applied = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Migrations.ApplyAsync(default))));

        Assert.Single(applied, steps => steps.Count > 0);
        foreach (var node in nodes)
        {
            await node.Database.DisposeAsync();
        }
    }

    [EngineFact]
    public async Task A_session_that_comes_to_both_is_stored_once()
    {
        for (var round = 0; round < 25; round++)
        {
            var request = _one.Request($"session-{round}");
            var results = await Task.WhenAll(Nodes().Select(node => Task.Run(() => node.Requests.InsertAsync(request))));

            Assert.Single(results, result => result.Outcome == InsertOutcome.Stored);
            Assert.Equal(3, results.Count(result => result.Outcome == InsertOutcome.Repeated));
            Assert.Single(results.Select(result => result.Id).Distinct());
        }

        Assert.Equal(25, (await _two.Requests.CountByStateAsync(new(), default))[RequestState.Received]);
    }

    [EngineFact]
    public async Task A_claim_is_given_to_one_of_them()
    {
        for (var round = 0; round < 25; round++)
        {
            var (_, id) = await _one.Requests.InsertAsync(_one.Request($"session-{round}"));

            var claims = await Task.WhenAll(Nodes().Select(node => Task.Run(() => node.Requests.ClaimAsync(id, s_lease))));

            Assert.Equal(1, Assert.Single(claims, claim => claim is not null)!.Fence);
        }
    }

    [EngineFact]
    public async Task A_lease_is_measured_by_the_databases_clock_whatever_the_nodes_think_of_the_time()
    {
        await using var early = (await OpenAsync(new ManualTime(DateTimeOffset.UnixEpoch.AddYears(30)))).Database;
        await using var late = (await OpenAsync(new ManualTime(DateTimeOffset.UnixEpoch.AddYears(90)))).Database;
        var holder = new RequestTable(early, new ManualTime(DateTimeOffset.UnixEpoch.AddYears(30)));
        var thief = new RequestTable(late, new ManualTime(DateTimeOffset.UnixEpoch.AddYears(90)));
        var (_, id) = await holder.InsertAsync(_one.Request() with { ReceivedAt = DateTimeOffset.UnixEpoch.AddYears(30) });

        var held = await holder.ClaimAsync(id, s_lease);

        var off = held!.LeaseUntil!.Value - TimeProvider.System.GetUtcNow();
        Assert.InRange(off, s_lease - TimeSpan.FromMinutes(1), s_lease + TimeSpan.FromMinutes(1));
        Assert.Empty(await thief.DueAsync(10, default));
        Assert.Null(await thief.ClaimAsync(id, s_lease));
        var over = new StateChange(RequestState.Received, FailureClass.None, "again", DateTimeOffset.UnixEpoch, ReleaseLease: true);
        Assert.False(await thief.StartOverAsync((await thief.FindAsync(id, default))!, over, "王五"));
        Assert.True(await holder.ChangeAsync(id, held.Fence, new StateChange(RequestState.WaitingSigner, FailureClass.None, "", DateTimeOffset.UnixEpoch, ReleaseLease: true)));
        Assert.Equal(2, (await thief.ClaimAsync(id, TimeSpan.Zero))!.Fence);
        Assert.Equal(3, (await holder.ClaimAsync(id, s_lease))!.Fence);
    }

    [EngineFact]
    public async Task A_lease_outlives_the_start_of_another_node()
    {
        var (_, id) = await _one.Requests.InsertAsync(_one.Request());
        await _one.Requests.ClaimAsync(id, s_lease);

        Assert.Equal(0, await _two.Requests.ReleaseLeasesOfEarlierBootsAsync());
        Assert.Null(await _two.Requests.ClaimAsync(id, s_lease));
    }

    [EngineFact]
    public async Task An_order_number_goes_to_one_merchant_also_when_two_deliver_at_once()
    {
        for (var round = 0; round < 25; round++)
        {
            var order = $"order-{round}";

            var results = await Task.WhenAll(
                Task.Run(() => _one.Archive.AppendAsync(_one.Delivery($"pay-{round}", "ningbo", order))),
                Task.Run(() => _two.Archive.AppendAsync(_two.Delivery($"pay-{round}", "hangzhou", order))));

            Assert.Equal([DeliveryOutcome.Stored, DeliveryOutcome.Conflict], results.Select(result => result.Outcome).Order());
        }
    }

    [EngineFact]
    public async Task Two_that_seal_at_once_make_one_chain()
    {
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _one.Archive.AppendAsync(_one.Delivery($"pay-{round}-{i}", "ningbo", $"order-{round}-{i}"))));

            var counts = await Task.WhenAll(Nodes().Select(node => Task.Run(() => node.Sealer.SealAsync(default))));

            Assert.Equal(100, counts.Sum());
            var head = await _two.Evidence.HeadAsync(long.MaxValue, default);
            var seals = await _one.Evidence.PageAsync(0, long.MaxValue, 1000, default);
            Assert.Equal(((round + 1) * 100, seals.Count), (head.Number, seals.Count));
            Assert.Equal(head.Chain, seals.Aggregate(ChainHead.None.Chain, (chain, seal) => Seal.Chain(chain, seal)));
        }
    }

    [EngineFact]
    public async Task A_payment_that_is_delivered_to_both_is_stored_once()
    {
        for (var round = 0; round < 25; round++)
        {
            var delivery = _one.Delivery($"pay-{round}", "ningbo", $"b-{round}", $"a-{round}");

            var results = await Task.WhenAll(Nodes().Select(node => Task.Run(() => node.Archive.AppendAsync(delivery))));

            Assert.Single(results, result => result.Outcome == DeliveryOutcome.Stored);
            Assert.Equal(3, results.Count(result => result.Outcome == DeliveryOutcome.AlreadyStored));
        }
    }

    [EngineFact]
    public async Task Corrections_at_once_are_versions_one_after_the_other()
    {
        await _one.Archive.AppendAsync(_one.Delivery("pay", "ningbo", "order"));
        var facts = Enumerable.Range(0, 8).Select(i => _one.Delivery("pay", "ningbo", "order").Facts with { TotalAmount = 200 + i }).ToList();

        var results = await Task.WhenAll(facts.Select((fact, i) => Task.Run(() => (i % 2 == 0 ? _one : _two).Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay", fact, "li")))));

        Assert.Equal(Enumerable.Range(2, 8), results.Select(result => result.Version).Order());
    }

    [EngineFact]
    public async Task A_request_that_is_claimed_while_its_payment_is_being_stored_finds_it()
    {
        var (_, id) = await _one.Requests.InsertAsync(_one.Request(orderNo: "order"));
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var delivery = _one.Database.WriteAsync(async (connection, transaction) =>
        {
            await RequestTable.WakeAsync(connection, transaction, _one.Database.Dialect, ["order"], "ningbo", _one.Time.GetUtcNow());
            stored.TrySetResult();
            await goOn.Task;
            return true;
        });
        await stored.Task;

        var claim = _two.Requests.ClaimAsync(id, s_lease);
        await _two.Requests.CountByStateAsync(new(), default);
        Assert.False(claim.IsCompleted);
        goOn.SetResult();
        await delivery;

        Assert.NotNull(await claim);
    }

    [EngineFact]
    public async Task Two_that_wait_for_each_other_are_both_done_in_the_end()
    {
        var ids = new[] { (await _one.Requests.InsertAsync(_one.Request("a"))).Id, (await _one.Requests.InsertAsync(_one.Request("b"))).Id };
        using var bothInside = new Barrier(2);
        var runs = 0;

        await Task.WhenAll(Crossing(_one, ids[0], ids[1]), Crossing(_two, ids[1], ids[0]));

        Assert.True(runs > 2, $"{runs} runs: nobody stood in anybody's way");
        Assert.All(await _one.Requests.SearchAsync(new(), new(2), default), request => Assert.Equal("xx", request.Reason));

        Task Crossing(Node node, long first, long second) => Task.Run(() => node.Database.WriteAsync(async (connection, transaction) =>
        {
            var run = Interlocked.Increment(ref runs);
            await AddAsync(first);
            if (run <= 2)
            {
                bothInside.SignalAndWait(TimeSpan.FromSeconds(10));
            }

            await AddAsync(second);
            return true;

            Task AddAsync(long id) => connection.ExecuteAsync("UPDATE customs_request SET reason = CONCAT(reason, 'x') WHERE id = @id", new { id }, transaction);
        }));
    }

    /// <summary>Each twice, so that there is more than one at a time in each of them.</summary>
    private IEnumerable<Node> Nodes() => [_one, _two, _one, _two];

    private Task<Node> OpenAsync(ManualTime time) => OpenAsync(time, _engine);

    private static async Task<Node> OpenAsync(ManualTime time, TEngine engine)
    {
        var database = engine.CreateNode();
        await database.OpenAsync(default);
        return new Node(database, time);
    }

    /// <summary>What one process has.</summary>
    private sealed class Node(CustomsDatabase database, ManualTime time)
    {
        public CustomsDatabase Database => database;

        public ManualTime Time => time;

        public RequestTable Requests { get; } = new(database, time);

        public EvidenceTable Evidence { get; } = new(database);

        public Sealer Sealer { get; } = new(database, new EvidenceTable(database), time);

        public PaymentArchive Archive { get; } = new(database, time, StoreTest<TEngine>.Options());

        public Migrations Migrations { get; } = new(database, StoreTest<TEngine>.MigrationsFolder, time, NullLogger<Migrations>.Instance);

        public NewRequest Request(string sessionId = "session", string orderNo = "order") => new(
            sessionId, orderNo, null, RequestPurpose.Customs, "1544519952469", "{}"u8.ToArray(), time.GetUtcNow(), time.GetUtcNow().AddSeconds(120));

        public PaymentDelivery Delivery(string payTransactionId, string merchant, params string[] orders) => new(
            merchant, payTransactionId, new RawMessage("request"u8.ToArray(), "utf-8"), new RawMessage("response"u8.ToArray(), "utf-8"),
            new PaymentFacts(
                "31222699S7", 100.10m, "142", "2", "1", time.GetUtcNow().AddHours(-1), "",
                [.. orders.Select(orderNo => new PaidOrder(orderNo, [new Goods("奶粉", "https://shop.example/1")], "acc-1", "9133", "宁波店"))]));
    }
}

public sealed class PostgresNodesTests : NodesCompliance<PostgresEngine>;

public sealed class SqlServerNodesTests : NodesCompliance<SqlServerEngine>;
