using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What a worker does with an order at the bridge: claim it for a while, write every exchange down, change it under the fence.</summary>
internal sealed partial class BridgeTable
{
    /// <summary>A merchant that is stopped stops its pushes, not the questions about what was pushed.</summary>
    private readonly string _due = $"""
        next_attempt_at <= @Now AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})
        AND (state NOT IN (@Pending, @Retry) OR asked = 1 OR NOT EXISTS ({Stopped}))
        """;

    /// <summary>A callback that came while the worker held the order is answered by another question.</summary>
    private const string Change = """
        state = @State, code = @Code, reason = @Reason, flags = @Flags, changed_at = @Now, finished_at = @FinishedAt, lease_until = NULL,
        asked = CASE WHEN woken_fence = fence AND @Done = 0 THEN 1 ELSE 0 END,
        next_attempt_at = CASE WHEN woken_fence = fence AND @Done = 0 THEN @Now ELSE @NextAttemptAt END
        """;

    /// <summary>As for requests: whoever held a lease before this start is gone, where one process works on the database.</summary>
    public Task<int> ReleaseLeasesOfEarlierBootsAsync() => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "UPDATE bridge_order SET lease_until = NULL WHERE lease_until IS NOT NULL AND lease_boot <> @Boot", new { Boot = database.BootNumber }, transaction));

    /// <summary>Takes an order that is due and that nobody holds.</summary>
    /// <returns>The row as it then is, or <see langword="null"/> when it is not due or somebody holds it.</returns>
    public Task<BridgeOrder?> ClaimAsync(long id, TimeSpan lease)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(async (connection, transaction) =>
        {
            var values = DueValues(now);
            values.AddDynamicParams(new { Id = id, Lease = (long)lease.TotalMilliseconds, Boot = database.BootNumber });
            return await connection.ExecuteAsync($"UPDATE bridge_order SET lease_until = {database.Dialect.LeaseClock} + @Lease, lease_boot = @Boot, fence = fence + 1 WHERE id = @Id AND {_due}", values, transaction) == 0
                ? null
                : (await connection.QuerySingleAsync<BridgeOrderRow>($"{SelectOrder} WHERE id = @id", new { id }, transaction)).Read(database.Content);
        });
    }

    /// <summary>Lets go of an order and changes nothing else; nothing at all where the fence is another's by now.</summary>
    public Task ReleaseAsync(long id, long fence) => database.WriteAsync((connection, transaction) =>
        connection.ExecuteAsync("UPDATE bridge_order SET lease_until = NULL WHERE id = @id AND fence = @fence", new { id, fence }, transaction));

    /// <summary>The orders that are due now and that nobody holds, the longest waiting first.</summary>
    public Task<IReadOnlyList<long>> DueAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<long>>(
        async connection =>
        {
            var values = DueValues(time.GetUtcNow());
            values.AddDynamicParams(new { Limit = limit });
            return (await connection.QueryAsync<long>(database.Dialect.Limited($"SELECT id FROM bridge_order WHERE {_due} ORDER BY next_attempt_at, id"), values)).AsList();
        },
        cancellationToken);

    /// <summary>Opens an exchange before the first byte goes out: a process that dies now leaves a push of which nobody knows whether it arrived.</summary>
    /// <returns>Its id, or <see langword="null"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<long?> BeginAsync(long orderId, long fence, BridgeExchangeKind kind, byte[] request)
    {
        var (kept, sum) = (database.Content.Keep(request), SHA256.HashData(request));
        return database.WriteAsync(async (connection, transaction) =>
        {
            var counter = kind == BridgeExchangeKind.Push ? "attempts" : "polls";
            return await connection.ExecuteAsync($"UPDATE bridge_order SET {counter} = {counter} + 1 WHERE id = @orderId AND fence = @fence", new { orderId, fence }, transaction) == 0
                ? (long?)null
                : await InsertExchangeAsync(connection, transaction, orderId, kind, endedAt: null, Arrival.Perhaps, kept, sum, []);
        });
    }

    /// <summary>
    /// Writes down what came back, always; together with the change, if the fence is still the worker's.
    /// </summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and the order did not change.</returns>
    public Task<bool> EndAsync(long orderId, long fence, BridgeExchange exchange, BridgeChange change)
    {
        var (reply, sum) = (database.Content.Keep(exchange.Reply), SHA256.HashData(exchange.Reply));
        return database.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(
                """
                UPDATE bridge_exchange SET ended_at = @EndedAt, arrival = @Arrival, http_status = @HttpStatus, reply = @Reply, reply_sha256 = @sum, code = @Code, error = @Error
                WHERE id = @Id
                """,
                new { exchange.Id, EndedAt = exchange.EndedAt.Stored(), Arrival = EnumWords<Arrival>.Word(exchange.Arrival), exchange.HttpStatus, Reply = reply, sum, exchange.Code, exchange.Error },
                transaction);
            if (!await ApplyAsync(connection, transaction, orderId, fence, change))
            {
                return false;
            }

            if (change.TakenCode is { } taken)
            {
                await TakeAsync(connection, transaction, orderId, exchange, taken);
            }

            if (change.Payment is { } payment)
            {
                await connection.ExecuteAsync(
                    """
                    UPDATE bridge_order SET payment_no = @PaymentNo, payment_status = @PaymentStatus, paid_at = @paidAt, paid_exchange_id = @exchangeId,
                      taken_exchange_id = COALESCE(taken_exchange_id, @unanswered, (SELECT MAX(e.id) FROM bridge_exchange e WHERE e.order_id = @orderId AND e.kind = @push))
                    WHERE id = @orderId
                    """,
                    new
                    {
                        orderId,
                        payment.PaymentNo,
                        payment.PaymentStatus,
                        paidAt = payment.PaidAt.Stored(),
                        exchangeId = exchange.Id,
                        unanswered = await UnansweredAsync(connection, transaction, orderId),
                        push = EnumWords<BridgeExchangeKind>.Word(BridgeExchangeKind.Push),
                    },
                    transaction);
            }

            return true;
        });
    }

    /// <summary>Changes an order without an exchange.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<bool> ChangeAsync(long orderId, long fence, BridgeChange change) =>
        database.WriteAsync((connection, transaction) => ApplyAsync(connection, transaction, orderId, fence, change));

    /// <summary>Whether a push of this order may have arrived without our learning it.</summary>
    public Task<bool> HasUnansweredPushAsync(long orderId, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await UnansweredAsync(connection, transaction: null, orderId) is not null, cancellationToken);

    /// <summary>
    /// A callback came in: it is kept, and GetOrder is asked about every order of that number that was ever pushed and is not done. Nothing else changes.
    /// </summary>
    /// <returns>How many orders it concerns.</returns>
    public Task<int> CallBackAsync(string orderNo, byte[] body, byte[] answer)
    {
        var (kept, sum) = (database.Content.Keep(body), SHA256.HashData(body));
        return database.WriteAsync(async (connection, transaction) =>
        {
            var ids = (await connection.QueryAsync<long>("SELECT id FROM bridge_order WHERE order_no = @orderNo", new { orderNo }, transaction)).AsList();
            foreach (var id in ids)
            {
                if (await connection.ExecuteScalarAsync<long>(
                    "SELECT COUNT(*) FROM bridge_exchange WHERE order_id = @id AND kind = @kind", new { id, kind = EnumWords<BridgeExchangeKind>.Word(BridgeExchangeKind.Callback) }, transaction) < CallbacksKept)
                {
                    await InsertExchangeAsync(connection, transaction, id, BridgeExchangeKind.Callback, time.GetUtcNow(), Arrival.Answered, kept, sum, answer);
                    await AskAsync(connection, transaction, id);
                }
            }

            return ids.Count;
        });
    }

    /// <summary>A person wants GetOrder asked now.</summary>
    /// <returns><see langword="false"/> when the order was never pushed or is done.</returns>
    public Task<bool> AskAsync(long id) => database.WriteAsync(async (connection, transaction) => await AskAsync(connection, transaction, id));

    /// <summary>A person wants the same content pushed again now, after the bridge or the way to it has been mended.</summary>
    /// <returns><see langword="false"/> when it does not stand where a push could help.</returns>
    public Task<bool> PushAgainAsync(long id) => database.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
        """
        UPDATE bridge_order SET state = @retry, next_attempt_at = @now, since = @now, changed_at = @now, finished_at = NULL
        WHERE id = @id AND state IN (@person, @data, @retry) AND lease_until IS NULL
        """,
        new
        {
            id,
            now = time.GetUtcNow().Stored(),
            retry = EnumWords<BridgeState>.Word(BridgeState.WaitingRetry),
            person = EnumWords<BridgeState>.Word(BridgeState.NeedsPerson),
            data = EnumWords<BridgeState>.Word(BridgeState.DataError),
        },
        transaction) > 0);

    /// <summary>Counts the orders past their term that go when all payments past theirs are gone: no payment that stays is of that order, and nothing is under way.</summary>
    /// <param name="cutoff">Paid and changed before it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<long> CountOldAsync(DateTimeOffset cutoff, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM bridge_order b WHERE {Old($" AND {RetentionTable.Stays}")}", new { cutoff = cutoff.Stored() }), cancellationToken);

    /// <summary>Erases the next orders past their term with their exchanges: no payment of that order is kept any more and nothing is under way.</summary>
    /// <param name="cutoff">Paid and changed before it.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="erasing">Told the orders in the same transaction, before they go.</param>
    /// <returns>How many were erased.</returns>
    public Task<int> EraseAsync(DateTimeOffset cutoff, int limit, Func<DbConnection, DbTransaction, IReadOnlyCollection<long>, Task> erasing) => database.WriteAsync(async (connection, transaction) =>
    {
        await HoldTable.LockAsync(database, connection, transaction);
        var ids = (await connection.QueryAsync<long>(
            database.Dialect.Limited($"""
                SELECT b.id FROM bridge_order b WHERE {Old()} ORDER BY b.pay_at
                """),
            new { cutoff = cutoff.Stored(), Limit = limit },
            transaction)).AsList();
        await erasing(connection, transaction, ids);
        await connection.ExecuteAsync("DELETE FROM bridge_exchange WHERE order_id = @id", ids.Select(id => new { id }), transaction);
        await connection.ExecuteAsync("DELETE FROM bridge_order WHERE id = @id", ids.Select(id => new { id }), transaction);
        return ids.Count;
    });

    /// <summary>Orders <c>b</c> past their term that nothing keeps.</summary>
    /// <param name="payments">Which payments <c>p</c> keep an order, as a condition to be added; all of them without one.</param>
    private static string Old(string payments = "") => $"""
        b.pay_at < @cutoff AND b.changed_at < @cutoff AND b.next_attempt_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM order_end x WHERE x.merchant = b.merchant AND x.order_no = b.order_no AND x.ended_at >= @cutoff)
          AND NOT EXISTS (SELECT 1 FROM payment_order bo JOIN payment p ON p.id = bo.payment_id WHERE bo.order_no = b.order_no AND p.merchant = b.merchant{payments})
          AND NOT {HoldTable.Of("b.merchant", "b.order_no", "b.pay_at")}
        """;

    private static Task<long?> UnansweredAsync(DbConnection connection, DbTransaction? transaction, long orderId) => connection.ExecuteScalarAsync<long?>(
        "SELECT MAX(id) FROM bridge_exchange WHERE order_id = @orderId AND kind = @kind AND arrival = @perhaps",
        new { orderId, kind = EnumWords<BridgeExchangeKind>.Word(BridgeExchangeKind.Push), perhaps = EnumWords<Arrival>.Word(Arrival.Perhaps) },
        transaction);

    private static DynamicParameters DueValues(DateTimeOffset now) => new(new
    {
        Now = now.Stored(),
        Pending = EnumWords<BridgeState>.Word(BridgeState.Pending),
        Retry = EnumWords<BridgeState>.Word(BridgeState.WaitingRetry),
    });

    /// <summary>0000 names the push that was taken. "It exists" and "it is done" name none: it was the one that had no answer, if there was one.</summary>
    private static async Task TakeAsync(DbConnection connection, DbTransaction transaction, long orderId, BridgeExchange exchange, string code)
    {
        var unanswered = code == "0000" ? null : await UnansweredAsync(connection, transaction, orderId);
        await connection.ExecuteAsync(
            $"""
            UPDATE bridge_order SET taken_code = @code, since = changed_at,
              taken_exchange_id = {(code == "0000" ? "@pushed" : "COALESCE(taken_exchange_id, @pushed)")}
            WHERE id = @orderId
            """,
            new { orderId, code, pushed = unanswered ?? exchange.Id },
            transaction);
    }

    private async Task<bool> AskAsync(DbConnection connection, DbTransaction transaction, long id) => await connection.ExecuteAsync(
        "UPDATE bridge_order SET asked = 1, woken_fence = fence, next_attempt_at = @now WHERE id = @id AND attempts > 0 AND state <> @done",
        new { id, now = time.GetUtcNow().Stored(), done = EnumWords<BridgeState>.Word(BridgeState.Done) },
        transaction) > 0;

    private async Task<long> InsertExchangeAsync(
        DbConnection connection, DbTransaction transaction, long orderId, BridgeExchangeKind kind, DateTimeOffset? endedAt, Arrival arrival, byte[] kept, byte[] sum, byte[] reply) =>
        (long)(await database.RunAsync(
            connection, transaction, _insertExchange,
            ("@order_id", orderId), ("@kind", EnumWords<BridgeExchangeKind>.Word(kind)), ("@started_at", time.GetUtcNow().Stored()), ("@ended_at", endedAt.Stored()),
            ("@arrival", EnumWords<Arrival>.Word(arrival)), ("@http_status", null), ("@request", kept), ("@request_sha256", sum),
            ("@reply", database.Content.Keep(reply)), ("@reply_sha256", SHA256.HashData(reply)), ("@code", null), ("@error", "")))!;

    private async Task<bool> ApplyAsync(DbConnection connection, DbTransaction transaction, long id, long fence, BridgeChange change)
    {
        var now = time.GetUtcNow().Stored();
        var values = new
        {
            Id = id,
            Fence = fence,
            Now = now,
            State = EnumWords<BridgeState>.Word(change.State),
            change.Code,
            change.Reason,
            Flags = BridgeOrderRow.Stored(change.Flags),
            NextAttemptAt = change.NextAttemptAt.Stored(),
            FinishedAt = change.State is BridgeState.Done or BridgeState.DataError or BridgeState.NeedsPerson ? now : (long?)null,
            Done = change.State is BridgeState.Done ? 1 : 0,
            change.Archived,
        };
        var archived = change.Archived is null ? "" : ", archived = @Archived";
        if (await connection.ExecuteAsync($"UPDATE bridge_order SET {Change}{archived} WHERE id = @Id AND fence = @Fence", values, transaction) == 0)
        {
            return false;
        }

        if (change.StopsMerchant)
        {
            await StopAsync(connection, transaction, id, change, now);
        }

        if (change.Also is { } also)
        {
            await also(connection, transaction);
        }

        return true;
    }

    /// <summary>A stop that stands keeps the time at which it began.</summary>
    private static async Task StopAsync(DbConnection connection, DbTransaction transaction, long orderId, BridgeChange change, long now)
    {
        var merchant = await connection.QuerySingleAsync<string>("SELECT merchant FROM bridge_order WHERE id = @orderId", new { orderId }, transaction);
        var values = new { merchant, now, change.Code, change.Reason };
        if (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM bridge_stop WHERE merchant = @merchant", values, transaction) == 0)
        {
            await connection.ExecuteAsync("INSERT INTO bridge_stop (merchant, stopped_at, code, reason) VALUES (@merchant, @now, @Code, @Reason)", values, transaction);
            return;
        }

        await connection.ExecuteAsync(
            "UPDATE bridge_stop SET stopped_at = @now, code = @Code, reason = @Reason, reopened_at = NULL, reopened_by = NULL WHERE merchant = @merchant AND reopened_at IS NOT NULL",
            values,
            transaction);
    }
}
