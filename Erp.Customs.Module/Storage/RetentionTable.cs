using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of retention. Nothing here decides about a term; it is given a cutoff.</summary>
internal sealed class RetentionTable(CustomsDatabase database)
{
    /// <summary>A request that customs or we may still come back to.</summary>
    private const string Alive = "(r.finished_at IS NULL OR r.finished_at >= @cutoff OR r.next_attempt_at IS NOT NULL)";

    private readonly string _insertRun = database.Dialect.InsertReturningId("retention_run", "started_at", "dry_run", "cutoff", "payments", "requests", "held");

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

    /// <summary>
    /// Those of the payments that may go: past the cutoff still, under no legal hold, and needed by no request: neither by one about an order of any of their versions
    /// nor by one that was answered from them.
    /// </summary>
    public async Task<IReadOnlyList<long>> ErasablePaymentsAsync(DbConnection connection, DbTransaction? transaction, DateTimeOffset cutoff, IEnumerable<long> ids)
    {
        var all = database.Dialect.List(ids);
        if (transaction is not null && database.Dialect.LockRows("payment", database.Dialect.In("id", "@ids")) is { Length: > 0 } locking)
        {
            // A correction that makes a term longer comes before us and is seen, or after us and finds nothing.
            await connection.ExecuteAsync(locking, new { ids = all }, transaction);
        }

        return (await connection.QueryAsync<long>(
            $"""
            SELECT p.id FROM payment p
            WHERE {database.Dialect.In("p.id", "@ids")} AND p.last_trading_at < @cutoff
              AND NOT EXISTS (
                SELECT 1 FROM payment_order o JOIN customs_request r ON r.order_no = o.order_no AND (r.merchant IS NULL OR r.merchant = p.merchant)
                WHERE o.payment_id = p.id AND {Alive})
              AND NOT EXISTS (
                SELECT 1 FROM envelope e JOIN customs_request r ON r.id = e.request_id
                WHERE e.payment_id = p.id AND {Alive})
              AND NOT EXISTS (
                SELECT 1 FROM replaced_envelope e JOIN customs_request r ON r.id = e.request_id
                WHERE e.payment_id = p.id AND {Alive})
              AND NOT {HoldTable.OfPayment}
            """,
            new { ids = all, cutoff = cutoff.Stored() },
            transaction)).AsList();
    }

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
              AND NOT {HoldTable.Of("r.merchant", "r.order_no", "r.received_at")}
            """,
            new { ids = database.Dialect.List(ids), cutoff = cutoff.Stored() },
            transaction)).AsList();

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

    /// <summary>The newest runs.</summary>
    public Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RetentionRun>>(
        async connection => [.. (await connection.QueryAsync<RetentionRunRow>(
            database.Dialect.Limited("""
                SELECT id AS Id, started_at AS StartedAt, ended_at AS EndedAt, dry_run AS DryRun, cutoff AS Cutoff, payments AS Payments, requests AS Requests, held AS Held, captures AS Captures
                FROM retention_run ORDER BY id DESC
                """),
            new { Limit = limit })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>The trading time of the oldest payment left, if there is any.</summary>
    public static async Task<DateTimeOffset?> OldestAsync(DbConnection connection) =>
        StoredTime.Read(await connection.ExecuteScalarAsync<long?>("SELECT MIN(last_trading_at) FROM payment"));

    /// <summary>How many payments were traded at the cutoff or later.</summary>
    public static Task<long> CountSinceAsync(DbConnection connection, DateTimeOffset cutoff) =>
        connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM payment WHERE last_trading_at >= @cutoff", new { cutoff = cutoff.Stored() });

    /// <summary>Writes down that a run has begun.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> BeginRunAsync(DbConnection connection, DbTransaction transaction, DateTimeOffset startedAt, bool dryRun, DateTimeOffset cutoff) =>
        (long)(await database.RunAsync(
            connection, transaction, _insertRun,
            ("@started_at", startedAt.Stored()), ("@dry_run", dryRun ? 1 : 0), ("@cutoff", cutoff.Stored()), ("@payments", 0L), ("@requests", 0L), ("@held", 0L)))!;

    /// <summary>Adds a batch to a run, in the batch's own transaction.</summary>
    public static Task AddToRunAsync(DbConnection connection, DbTransaction transaction, long runId, int payments, int requests, int held) =>
        connection.ExecuteAsync(
            "UPDATE retention_run SET payments = payments + @payments, requests = requests + @requests, held = held + @held WHERE id = @runId",
            new { runId, payments, requests, held },
            transaction);

    /// <summary>Writes down that a run has ended.</summary>
    public static Task EndRunAsync(DbConnection connection, DbTransaction transaction, long runId, DateTimeOffset endedAt, DateTimeOffset? oldestKept) =>
        connection.ExecuteAsync(
            "UPDATE retention_run SET ended_at = @endedAt, oldest_kept = @oldestKept WHERE id = @runId",
            new { runId, endedAt = endedAt.Stored(), oldestKept = oldestKept.Stored() },
            transaction);
}

/// <summary>A row that may be past its term.</summary>
internal sealed class OldRow
{
    public long Id { get; set; }
    public long Since { get; set; }
}

/// <summary>A run of retention.</summary>
/// <param name="Id">Its number.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs, or when it was broken off.</param>
/// <param name="DryRun">It counted and erased nothing.</param>
/// <param name="Cutoff">What was traded before it was past its term.</param>
/// <param name="Payments">Payments erased.</param>
/// <param name="Requests">Requests erased.</param>
/// <param name="Held">Payments past their term that a request or a legal hold keeps.</param>
/// <param name="Captures">Captured messages erased that no payment had.</param>
internal sealed record RetentionRun(long Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool DryRun, DateTimeOffset Cutoff, long Payments, long Requests, long Held, long Captures);

/// <summary>A row of <c>retention_run</c>.</summary>
internal sealed class RetentionRunRow
{
    public long Id { get; set; }
    public long StartedAt { get; set; }
    public long? EndedAt { get; set; }
    public int DryRun { get; set; }
    public long Cutoff { get; set; }
    public long Payments { get; set; }
    public long Requests { get; set; }
    public long Held { get; set; }
    public long Captures { get; set; }

    public RetentionRun Read() => new(Id, StoredTime.Read(StartedAt), StoredTime.Read(EndedAt), DryRun != 0, StoredTime.Read(Cutoff), Payments, Requests, Held, Captures);
}
