using System.Text;
using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Payments;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Storage;

/// <summary>What every test of the store starts from: an open database with its tables, and a clock that stands.</summary>
public abstract class StoreTest<TEngine> : IAsyncLifetime where TEngine : TestEngine, new()
{
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    internal TEngine Engine { get; } = new();

    internal ManualTime Time { get; } = new();

    internal CustomsDatabase Database { get; private set; } = null!;

    internal RequestTable Requests { get; private set; } = null!;

    internal PaymentArchive Archive { get; private set; } = null!;

    internal EvidenceTable Evidence { get; private set; } = null!;

    internal Sealer Sealer { get; private set; } = null!;

    internal Erasures Erasures { get; private set; } = null!;

    internal ClockTrust Clock { get; private set; } = null!;

    internal static string MigrationsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "migrations");

    public async Task InitializeAsync()
    {
        await Engine.InitializeAsync();
        await ReopenAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        await Engine.DisposeAsync();
    }

    /// <summary>As a new process would, with these settings.</summary>
    internal async Task ReopenAsync(bool orderNumbersOverlap = false)
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        Database = Engine.Create();
        await Database.OpenAsync(CancellationToken.None);
        await Migrator(MigrationsFolder).ApplyAsync(CancellationToken.None);
        Requests = new RequestTable(Database, Time);
        Evidence = new EvidenceTable(Database);
        Sealer = new Sealer(Database, Evidence, Time);
        Erasures = new Erasures(Evidence, Sealer, Time);
        Clock = new ClockTrust(new RetentionTable(Database), Options(), Time);
        Archive = new PaymentArchive(Database, Time, Options(orderNumbersOverlap: orderNumbersOverlap));
    }

    /// <summary>Retention as the module has it.</summary>
    internal RetentionJob Retention(int years = 3, TimeProvider? time = null) => new(
        Database, Sealer, Erasures, new BridgeRetention(new BridgeTable(Database, Time), Erasures), Clock, time ?? Time, Options(retentionYears: years), NullLogger<RetentionJob>.Instance);

    internal Migrations Migrator(string folder) => new(Database, folder, Time, NullLogger<Migrations>.Instance);

    internal static CustomsOptions Options(bool orderNumbersOverlap = false, int retentionYears = 3) => new()
    {
        UploadUrl = new Uri("http://127.0.0.1/"),
        Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal),
        OrderNumbersOverlap = orderNumbersOverlap,
        RetentionYears = retentionYears,
    };

    internal NewRequest Request(string sessionId = "session-1", string orderNo = "order-1", string? merchant = null) => new(
        sessionId, orderNo, merchant, RequestPurpose.Customs, "1544519952469", Encoding.UTF8.GetBytes($$"""{"orderNo":"{{orderNo}}","sessionID":"{{sessionId}}"}"""),
        Time.GetUtcNow(), Time.GetUtcNow() + TimeSpan.FromSeconds(120));

    /// <summary>Stores a request and claims it.</summary>
    internal async Task<CustomsRequest> ClaimedAsync(string sessionId = "session-1", string orderNo = "order-1", string? merchant = null)
    {
        var (_, id) = await Requests.InsertAsync(Request(sessionId, orderNo, merchant));
        return (await Requests.ClaimAsync(id, Lease))!;
    }

    internal static StateChange To(RequestState state, DateTimeOffset? next = null, FailureClass failure = FailureClass.None, bool release = true) =>
        new(state, failure, failure == FailureClass.None ? "" : "why", next, release);

    internal Envelope EnvelopeOf(CustomsRequest request, long paymentId, string text = "payload") => new(
        request.Id, paymentId, 1, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes("sign " + text), 1544519952469,
        "03000000000e48d3", "c2lnbg==", [1, 2, 3], "SM2-SM3", "writer", Time.GetUtcNow());

    internal PaymentDelivery Delivery(string payTransactionId = "pay-1", string merchant = "ningbo", PaymentFacts? facts = null, string request = "<xml>原始请求</xml>", params string[] orders) => new(
        merchant, payTransactionId, new RawMessage(Encoding.UTF8.GetBytes(request), "utf-8"), new RawMessage(Encoding.UTF8.GetBytes("原始响应"), "utf-8"), facts ?? Facts(orders: orders));

    internal PaymentFacts Facts(decimal amount = 100.10m, DateTimeOffset? traded = null, params string[] orders) => new(
        "31222699S7", amount, "142", "2", "1", traded ?? Time.GetUtcNow().AddHours(-1), "备注",
        [.. (orders.Length == 0 ? ["order-1"] : orders).Select(orderNo => new PaidOrder(orderNo, [new Goods("奶粉", "https://shop.example/1;https://shop.example/2")], "acc-1", "9133", "宁波店"))]);

    /// <summary>Of each kept content that a query gives, bytes that nothing else has: its nonce and what follows, which stand on one page of a file.</summary>
    internal Task<IReadOnlyList<byte[]>> KeptAsync(string sql) => Database.ReadAsync<IReadOnlyList<byte[]>>(
        async connection => [.. (await connection.QueryAsync<byte[]>(sql)).Select(kept => kept[7..31])], CancellationToken.None);

    /// <summary>Reads one value of the tables.</summary>
    internal Task<T?> ScalarAsync<T>(string sql) => Database.ReadAsync(connection => connection.ExecuteScalarAsync<T>(sql), CancellationToken.None);
}
