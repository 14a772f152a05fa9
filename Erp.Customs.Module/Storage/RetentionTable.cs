using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of retention. Nothing here decides about a term; it is given a cutoff.</summary>
internal sealed partial class RetentionTable(CustomsDatabase database)
{
    /// <summary>A request that customs or we may still come back to, or whose own term is not over.</summary>
    private const string Alive = "(r.finished_at IS NULL OR r.finished_at >= @cutoff OR r.received_at >= @cutoff OR r.next_attempt_at IS NOT NULL)";

    private readonly string _insertRun = database.Dialect.InsertReturningId(
        "retention_run", "started_at", "dry_run", "cutoff", "payments", "requests", "held", "total", "doubt", "confirmed_by");

    /// <summary>
    /// Whether the term of a payment <c>p</c> is not over: it was traded, or an order of any of its versions ended, at the cutoff or later, or a request is alive that is about such an order
    /// or was answered from it.
    /// </summary>
    public static string InsideTerm { get; } = $"""
        (p.last_trading_at >= @cutoff
          OR EXISTS (
            SELECT 1 FROM payment_order o JOIN order_end x ON x.merchant = p.merchant AND x.order_no = o.order_no
            WHERE o.payment_id = p.id AND x.ended_at >= @cutoff)
          OR EXISTS (
            SELECT 1 FROM payment_order o JOIN customs_request r ON r.order_no = o.order_no AND (r.merchant IS NULL OR r.merchant = p.merchant)
            WHERE o.payment_id = p.id AND {Alive})
          OR EXISTS (
            SELECT 1 FROM envelope e JOIN customs_request r ON r.id = e.request_id
            WHERE e.payment_id = p.id AND {Alive})
          OR EXISTS (
            SELECT 1 FROM replaced_envelope e JOIN customs_request r ON r.id = e.request_id
            WHERE e.payment_id = p.id AND {Alive}))
        """;

    /// <summary>Whether a payment <c>p</c> must not be erased: its term is not over, or a legal hold keeps it.</summary>
    public static string Stays { get; } = $"({InsideTerm} OR {HoldTable.OfPayment})";

    /// <summary>What came in while a run goes on waits for the next one: without a seal it would go as if it had never been.</summary>
    private static readonly string s_paymentIsSealed =
        $"{IsSealed(SealedKind.Payment, "p.id")} AND NOT EXISTS (SELECT 1 FROM payment_version u WHERE u.payment_id = p.id AND NOT {IsSealed(SealedKind.PaymentVersion, "u.id")})";

    /// <summary>The next payments whose every version was traded before the cutoff, the oldest first.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="cutoff">Traded before it.</param>
    /// <param name="after">The last one of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">Rows at most.</param>
    public async Task<IReadOnlyList<OldRow>> OldPaymentsAsync(DbConnection connection, DateTimeOffset cutoff, OldRow? after, int limit) =>
        (await connection.QueryAsync<OldRow>(
            database.Dialect.Limited("""
                SELECT id AS Id, last_trading_at AS Since FROM payment
                WHERE last_trading_at < @cutoff AND (last_trading_at > @since OR (last_trading_at = @since AND id > @id))
                ORDER BY last_trading_at, id
                """),
            new { cutoff = cutoff.Stored(), since = after?.Since ?? long.MinValue, id = after?.Id ?? 0, Limit = limit })).AsList();

    /// <summary>Those of the payments that may go: their term is over by everything that it runs from, and no legal hold keeps them.</summary>
    public async Task<IReadOnlyList<long>> ErasablePaymentsAsync(DbConnection connection, DbTransaction? transaction, DateTimeOffset cutoff, IEnumerable<long> ids)
    {
        var all = database.Dialect.List(ids);
        if (transaction is not null && database.Dialect.LockRows("payment", database.Dialect.In("id", "@ids")) is { Length: > 0 } locking)
        {
            // A correction that makes a term longer comes before us and is seen, or after us and finds nothing.
            await connection.ExecuteAsync(locking, new { ids = all }, transaction);
        }

        return (await connection.QueryAsync<long>(
            $"SELECT p.id FROM payment p WHERE {database.Dialect.In("p.id", "@ids")} AND NOT {Stays} AND {s_paymentIsSealed}", new { ids = all, cutoff = cutoff.Stored() }, transaction)).AsList();
    }

    /// <summary>How many of the payments a legal hold keeps.</summary>
    public Task<int> OnHoldAsync(DbConnection connection, DbTransaction transaction, IEnumerable<long> ids) => connection.ExecuteScalarAsync<int>(
        $"SELECT COUNT(*) FROM payment p WHERE {database.Dialect.In("p.id", "@ids")} AND {HoldTable.OfPayment}", new { ids = database.Dialect.List(ids) }, transaction);

    /// <summary>The requests for which a message was made from these payments.</summary>
    public async Task<IReadOnlyList<long>> RequestsOfAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<long> payments) =>
        (await connection.QueryAsync<long>(
            $"""
            SELECT request_id FROM envelope WHERE {database.Dialect.In("payment_id", "@payments")}
            UNION SELECT request_id FROM replaced_envelope WHERE {database.Dialect.In("payment_id", "@payments")}
            """,
            new { payments = database.Dialect.List(payments) },
            transaction)).AsList();

    /// <summary>The next requests received before the cutoff that were never answered from any payment, the oldest first.</summary>
    public async Task<IReadOnlyList<OldRow>> OldRequestsAsync(DbConnection connection, DateTimeOffset cutoff, OldRow? after, int limit) =>
        (await connection.QueryAsync<OldRow>(
            database.Dialect.Limited("""
                SELECT id AS Id, received_at AS Since FROM customs_request
                WHERE received_at < @cutoff AND signed_at IS NULL AND (received_at > @since OR (received_at = @since AND id > @id))
                  AND NOT EXISTS (SELECT 1 FROM replaced_envelope e WHERE e.request_id = customs_request.id)
                ORDER BY received_at, id
                """),
            new { cutoff = cutoff.Stored(), since = after?.Since ?? long.MinValue, id = after?.Id ?? 0, Limit = limit })).AsList();

    /// <summary>Those of the requests that may go: finished before the cutoff, not waiting for another turn, never answered, under no legal hold.</summary>
    public async Task<IReadOnlyList<long>> ErasableRequestsAsync(DbConnection connection, DbTransaction? transaction, DateTimeOffset cutoff, IEnumerable<long> ids) =>
        (await connection.QueryAsync<long>(
            $"""
            SELECT r.id FROM customs_request r
            WHERE {database.Dialect.In("r.id", "@ids")} AND r.signed_at IS NULL AND NOT {Alive}
              AND NOT EXISTS (SELECT 1 FROM replaced_envelope e WHERE e.request_id = r.id)
              AND NOT {HoldTable.Of("r.merchant", "r.order_no", "r.received_at")} AND {IsSealed(SealedKind.Request, "r.id")}
            """,
            new { ids = database.Dialect.List(ids), cutoff = cutoff.Stored() },
            transaction)).AsList();

    /// <summary>Whether a record of a kind has its seal.</summary>
    public static string IsSealed(string kind, string id) => $"EXISTS (SELECT 1 FROM evidence q WHERE q.kind = '{kind}' AND q.record_id = {id} AND q.record_no = 0)";

    /// <summary>Erases requests with everything that belongs to them.</summary>
    public async Task EraseRequestsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> ids)
    {
        foreach (var table in (string[])["envelope", "replaced_envelope", "upload_attempt", "request_event"])
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE {database.Dialect.In("request_id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);
        }

        await connection.ExecuteAsync($"DELETE FROM customs_request WHERE {database.Dialect.In("id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);
    }

    /// <summary>Erases payments with their versions and orders.</summary>
    public async Task ErasePaymentsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> ids)
    {
        foreach (var table in (string[])["payment_order", "payment_version"])
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE {database.Dialect.In("payment_id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);
        }

        await connection.ExecuteAsync($"DELETE FROM payment WHERE {database.Dialect.In("id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);
    }

    /// <summary>The next ends of orders before the cutoff whose order no payment and no order at the bridge has any more, and no legal hold keeps, the oldest first.</summary>
    public async Task<IReadOnlyList<OldRow>> OldEndsAsync(DbConnection connection, DateTimeOffset cutoff, OldRow? after, int limit) =>
        (await connection.QueryAsync<OldRow>(
            database.Dialect.Limited($"""
                SELECT x.id AS Id, x.ended_at AS Since FROM order_end x
                WHERE x.ended_at < @cutoff AND (x.ended_at > @since OR (x.ended_at = @since AND x.id > @id))
                  AND NOT EXISTS (SELECT 1 FROM payment_order o JOIN payment p ON p.id = o.payment_id WHERE o.order_no = x.order_no AND p.merchant = x.merchant)
                  AND NOT EXISTS (SELECT 1 FROM bridge_order b WHERE b.merchant = x.merchant AND b.order_no = x.order_no)
                  AND NOT {HoldTable.Of("x.merchant", "x.order_no", "x.ended_at")}
                ORDER BY x.ended_at, x.id
                """),
            new { cutoff = cutoff.Stored(), since = after?.Since ?? long.MinValue, id = after?.Id ?? 0, Limit = limit })).AsList();

    /// <summary>Erases ends of orders.</summary>
    public Task EraseEndsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> ids) =>
        connection.ExecuteAsync($"DELETE FROM order_end WHERE {database.Dialect.In("id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);

    /// <summary>The trading time of the oldest payment left, if there is any.</summary>
    public static async Task<DateTimeOffset?> OldestAsync(DbConnection connection) =>
        StoredTime.Read(await connection.ExecuteScalarAsync<long?>("SELECT MIN(last_trading_at) FROM payment"));
}

/// <summary>A row that may be past its term.</summary>
internal sealed class OldRow
{
    public long Id { get; set; }
    public long Since { get; set; }
}
