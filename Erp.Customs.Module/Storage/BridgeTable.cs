using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// The SQL of the orders at the payment-customs bridge: stored, found and counted here; <c>BridgeTable.Work.cs</c> has what a worker does with them.
/// What may be handed in when is decided by <see cref="Payments.BridgeOrders"/>.
/// </summary>
internal sealed partial class BridgeTable(CustomsDatabase database, TimeProvider time)
{
    /// <summary>Callbacks kept of one order: whoever knows an order number can send any number of them. The default value is 100.</summary>
    private const int CallbacksKept = 100;

    private const string SelectOrder = $"SELECT {BridgeOrderRow.Columns} FROM bridge_order";

    private const string SelectExchange = """
        SELECT id AS Id, kind AS Kind, started_at AS StartedAt, ended_at AS EndedAt, arrival AS Arrival, http_status AS HttpStatus, request AS Request, reply AS Reply,
          code AS Code, error AS Error
        FROM bridge_exchange
        """;

    private const string Stopped = "SELECT 1 FROM bridge_stop s WHERE s.merchant = bridge_order.merchant AND s.reopened_at IS NULL";

    private readonly string _insertOrder = database.Dialect.InsertReturningId(
        "bridge_order",
        "merchant", "order_no", "operation", "content", "content_sha256", "pay_at", "state", "code", "reason", "flags", "attempts", "polls", "since", "next_attempt_at",
        "lease_boot", "fence", "asked", "woken_fence", "created_at", "changed_at", "receiver_hash");

    private readonly string _insertExchange = database.Dialect.InsertReturningId(
        "bridge_exchange",
        "order_id", "kind", "started_at", "ended_at", "arrival", "http_status", "request", "request_sha256", "reply", "reply_sha256", "code", "error");

    /// <summary>Runs a decision about an order and whatever it writes in one transaction.</summary>
    public Task<T> DecideAsync<T>(Func<DbConnection, DbTransaction, Task<T>> decide) => database.WriteAsync(decide);

    /// <summary>Reads an order inside a transaction. Nobody else decides about its number until the transaction ends.</summary>
    public async Task<BridgeOrder?> FindAsync(DbConnection connection, DbTransaction transaction, string merchant, string orderNo)
    {
        await database.LockAsync(connection, transaction, "push " + orderNo);
        return (await connection.QuerySingleOrDefaultAsync<BridgeOrderRow>($"{SelectOrder} WHERE merchant = @merchant AND order_no = @orderNo", new { merchant, orderNo }, transaction))?.Read(database.Content);
    }

    /// <summary>Whether another merchant has an order of this number here.</summary>
    public static async Task<bool> IsAnothersAsync(DbConnection connection, DbTransaction transaction, string merchant, string orderNo) =>
        await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM bridge_order WHERE order_no = @orderNo AND merchant <> @merchant", new { merchant, orderNo }, transaction) > 0;

    /// <summary>Adds an order, due at once.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> InsertAsync(DbConnection connection, DbTransaction transaction, NewPush push)
    {
        var now = time.GetUtcNow().Stored();
        return (long)(await database.RunAsync(
            connection, transaction, _insertOrder,
            ("@merchant", push.Merchant), ("@order_no", push.OrderNo), ("@operation", push.Operation), ("@content", database.Content.Keep(push.Content)), ("@content_sha256", push.ContentSha256),
            ("@pay_at", push.PayAt.Stored()), ("@state", EnumWords<BridgeState>.Word(BridgeState.Pending)), ("@code", ""), ("@reason", ""), ("@flags", BridgeOrderRow.Stored(push.Flags)),
            ("@attempts", 0), ("@polls", 0), ("@since", now), ("@next_attempt_at", now), ("@lease_boot", 0L), ("@fence", 0L), ("@asked", 0), ("@woken_fence", -1L),
            ("@created_at", now), ("@changed_at", now), ("@receiver_hash", Hash(push.ReceiverCardNo))))!;
    }

    /// <summary>Gives an order other content, to be pushed at once. Whoever held it until now can save nothing any more.</summary>
    public Task ReplaceAsync(DbConnection connection, DbTransaction transaction, long id, NewPush push) => connection.ExecuteAsync(
        """
        UPDATE bridge_order SET operation = @Operation, content = @Content, content_sha256 = @ContentSha256, receiver_hash = @ReceiverHash, pay_at = @PayAt, state = @State, code = '', reason = '', flags = @Flags,
          since = @Now, next_attempt_at = @Now, lease_until = NULL, fence = fence + 1, asked = 0, changed_at = @Now, finished_at = NULL
        WHERE id = @Id
        """,
        new
        {
            Id = id,
            push.Operation,
            Content = database.Content.Keep(push.Content),
            push.ContentSha256,
            ReceiverHash = Hash(push.ReceiverCardNo),
            PayAt = push.PayAt.Stored(),
            State = EnumWords<BridgeState>.Word(BridgeState.Pending),
            Flags = BridgeOrderRow.Stored(push.Flags),
            Now = time.GetUtcNow().Stored(),
        },
        transaction);

    /// <summary>Reads an order by our id.</summary>
    public Task<BridgeOrder?> FindAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<BridgeOrderRow>($"{SelectOrder} WHERE id = @id", new { id }))?.Read(database.Content),
        cancellationToken);

    /// <summary>Reads every order of a number: several only where order numbers of merchants overlap.</summary>
    public Task<IReadOnlyList<BridgeOrder>> FindByNumberAsync(string orderNo, CancellationToken cancellationToken) =>
        ListAsync($"{SelectOrder} WHERE order_no = @orderNo ORDER BY id", new { orderNo }, cancellationToken);

    /// <summary>Reads every exchange about an order, oldest first.</summary>
    public Task<IReadOnlyList<BridgeExchange>> ExchangesAsync(long orderId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BridgeExchange>>(
        async connection => [.. (await connection.QueryAsync<BridgeExchangeRow>($"{SelectExchange} WHERE order_id = @orderId ORDER BY id", new { orderId })).Select(row => row.Read(database.Content))],
        cancellationToken);

    /// <summary>Reads one exchange.</summary>
    public Task<BridgeExchange?> ExchangeAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<BridgeExchangeRow>($"{SelectExchange} WHERE id = @id", new { id }))?.Read(database.Content),
        cancellationToken);

    /// <summary>The merchants whose pushes are stopped now.</summary>
    public Task<IReadOnlyList<BridgeStop>> StopsAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BridgeStop>>(
        async connection => [.. (await connection.QueryAsync<BridgeStopRow>(
            "SELECT merchant AS Merchant, stopped_at AS StoppedAt, code AS Code, reason AS Reason FROM bridge_stop WHERE reopened_at IS NULL ORDER BY merchant")).Select(row => row.Read())],
        cancellationToken);

    /// <summary>A person lets a merchant's orders be pushed again; those that waited are due at once.</summary>
    /// <returns><see langword="false"/> when they were not stopped.</returns>
    public Task<bool> ReopenAsync(string merchant, string by) => database.WriteAsync(async (connection, transaction) =>
    {
        var now = time.GetUtcNow().Stored();
        if (await connection.ExecuteAsync(
            "UPDATE bridge_stop SET reopened_at = @now, reopened_by = @by WHERE merchant = @merchant AND reopened_at IS NULL", new { merchant, by, now }, transaction) == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(
            "UPDATE bridge_order SET next_attempt_at = @now, since = @now WHERE merchant = @merchant AND state IN (@pending, @retry)",
            new { merchant, now, pending = EnumWords<BridgeState>.Word(BridgeState.Pending), retry = EnumWords<BridgeState>.Word(BridgeState.WaitingRetry) },
            transaction);
        return true;
    });

    private string Hash(string receiverCardNo) => Convert.ToHexStringLower(database.Content.Fingerprint(Receiver(receiverCardNo)));

    /// <summary>The check digit x may be typed in either case.</summary>
    private static string Receiver(string cardNo) => cardNo.Trim().ToUpperInvariant();

    private Task<IReadOnlyList<BridgeOrder>> ListAsync(string sql, object values, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BridgeOrder>>(
        async connection => [.. (await connection.QueryAsync<BridgeOrderRow>(sql, values)).Select(row => row.Read(database.Content))],
        cancellationToken);
}

/// <summary>An order's content, ready to be stored.</summary>
internal sealed record NewPush(
    string Merchant, string OrderNo, string Operation, byte[] Content, byte[] ContentSha256, string ReceiverCardNo, DateTimeOffset PayAt, IReadOnlyList<string> Flags);
