using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What a worker does with a request: claim it for a while, change it under the fence, save its envelope, send it.</summary>
internal sealed partial class RequestTable
{
    /// <summary>
    /// When a request is due was set by a node's clock and is asked by a node's clock: measured by another, a request would not be due at the moment
    /// in which it came in. Only a lease is a matter between nodes.
    /// </summary>
    private readonly string _due = $"next_attempt_at <= @Now AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock}) AND {NotStopped}";

    /// <summary>
    /// The second half of a wake: data that came in while the worker held the request is not waited for again, or the wake would be lost
    /// between the worker's look and its word.
    /// </summary>
    private const string Change = """
        state = @State, failure = @Failure, reason = @Reason, finished_at = @FinishedAt, elapsed = @FinishedAt - received_at,
        next_attempt_at = CASE WHEN @WaitsForData = 1 AND woken_fence = fence THEN @Now ELSE @NextAttemptAt END,
        lease_until = CASE WHEN @ReleaseLease = 1 THEN NULL ELSE lease_until END
        """;

    /// <summary>
    /// Where one process works on the database, whoever held a lease before this start is gone: its requests need not wait for the lease to end.
    /// Called once, after migrations. Does nothing on a database that several nodes share.
    /// </summary>
    /// <returns>How many leases were released.</returns>
    public Task<int> ReleaseLeasesOfEarlierBootsAsync() => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "UPDATE customs_request SET lease_until = NULL WHERE lease_until IS NOT NULL AND lease_boot <> @Boot", new { Boot = database.BootNumber }, transaction));

    /// <summary>Takes a request that is due and that nobody holds: the lease is set and the fence is one higher.</summary>
    /// <param name="id">Whose turn it is.</param>
    /// <param name="lease">How long the worker may hold it.</param>
    /// <returns>The row as it then is, or <see langword="null"/> when it is not due or somebody holds it.</returns>
    public Task<CustomsRequest?> ClaimAsync(long id, TimeSpan lease)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) =>
        {
            var claimed = await connection.ExecuteAsync(
                $"UPDATE customs_request SET lease_until = {database.Dialect.LeaseClock} + @Lease, lease_boot = @Boot, fence = fence + 1 WHERE id = @Id AND {_due}",
                new { Id = id, Now = now, Customs = s_customs, Lease = (long)lease.TotalMilliseconds, Boot = database.BootNumber },
                transaction);
            return claimed == 0
                ? null
                : (await connection.QuerySingleAsync<RequestRow>($"{SelectRequest} WHERE id = @id", new { id }, transaction)).Read();
        });
    }

    /// <summary>Lets go of a request and changes nothing else; nothing at all where the fence is another's by now.</summary>
    public Task ReleaseAsync(long id, long fence) => database.WriteAsync((connection, transaction) =>
        connection.ExecuteAsync("UPDATE customs_request SET lease_until = NULL WHERE id = @id AND fence = @fence", new { id, fence }, transaction));

    /// <summary>The requests that are due now and that nobody holds, the earliest deadline first.</summary>
    public Task<IReadOnlyList<long>> DueAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<long>>(
        async connection => (await connection.QueryAsync<long>(
            database.Dialect.Limited($"SELECT id FROM customs_request WHERE {_due} ORDER BY deadline, id"),
            new { Now = time.GetUtcNow().Stored(), Customs = s_customs, Limit = limit })).AsList(),
        cancellationToken);

    /// <summary>How many requests are due now that nobody holds, and how long the oldest of them has been.</summary>
    public Task<DueRequests> QueueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.ReadAsync(
            async connection =>
            {
                var (count, since) = await connection.QuerySingleAsync<(long Count, long? Since)>(
                    $"SELECT CAST(COUNT(*) AS BIGINT), MIN(next_attempt_at) FROM customs_request WHERE {_due}", new { Now = now.Stored(), Customs = s_customs });
                return new DueRequests(count, StoredTime.Read(since) is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero);
            },
            cancellationToken);
    }

    /// <summary>Changes a request and writes the change down.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<bool> ChangeAsync(long id, long fence, StateChange change) => database.WriteAsync(async (connection, transaction) =>
        await ApplyAsync(connection, transaction, id, fence, change, "", new()));

    /// <summary>Notes whose order it is.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<bool> SetMerchantAsync(long id, long fence, string merchant) => database.WriteAsync(async (connection, transaction) =>
        await connection.ExecuteAsync("UPDATE customs_request SET merchant = @merchant WHERE id = @id AND fence = @fence", new { id, fence, merchant }, transaction) > 0);

    /// <summary>Saves the signed message together with the change.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now or there is an envelope already, and nothing changed.</returns>
    public Task<bool> SaveEnvelopeAsync(long fence, Envelope envelope, StateChange change)
    {
        var signTextSum = SHA256.HashData(envelope.SignText);
        var kept = database.Content.KeepTogether(envelope.Payload, envelope.SignText);
        return database.WriteAsync(async (connection, transaction) =>
        {
            var there = await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM envelope WHERE request_id = @RequestId", new { envelope.RequestId }, transaction);
            if (there > 0 || !await ApplyAsync(connection, transaction, envelope.RequestId, fence, change, ", signed_at = @SignedAt, pay_code = @PayCode", new(new { SignedAt = envelope.CreatedAt.Stored(), PayCode = envelope.PayCode.Storable() })))
            {
                return false;
            }

            await connection.ExecuteAsync(
                """
                INSERT INTO envelope (request_id, payment_id, payment_version, payload, payload_sha256, sign_text, sign_text_sha256, service_time, cert_no,
                  sign_value, certificate, scheme, renderer, created_at)
                VALUES (@RequestId, @PaymentId, @PaymentVersion, @Payload, @PayloadSha256, @SignText, @SignTextSha256, @ServiceTime, @CertNo,
                  @SignValue, @Certificate, @Scheme, @Renderer, @CreatedAt)
                """,
                new
                {
                    envelope.RequestId,
                    envelope.PaymentId,
                    envelope.PaymentVersion,
                    Payload = kept,
                    envelope.PayloadSha256,
                    SignText = Array.Empty<byte>(),
                    SignTextSha256 = signTextSum,
                    envelope.ServiceTime,
                    envelope.CertNo,
                    envelope.SignValue,
                    envelope.Certificate,
                    envelope.Scheme,
                    envelope.Renderer,
                    CreatedAt = envelope.CreatedAt.Stored(),
                },
                transaction);
            return true;
        });
    }

    /// <summary>Opens the next attempt, before the first byte goes out.</summary>
    /// <returns>Its number, or <see langword="null"/>: the fence is another's by now or the merchant is stopped, and nothing changed.</returns>
    public Task<int?> BeginAttemptAsync(long id, long fence, StateChange change)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) =>
        {
            const string Count = ", attempts = attempts + 1, first_sent_at = COALESCE(first_sent_at, @Now)";
            if (!await ApplyAsync(connection, transaction, id, fence, change, Count, new(new { Customs = s_customs }), NotStopped))
            {
                return (int?)null;
            }

            var number = await connection.ExecuteScalarAsync<int>("SELECT attempts FROM customs_request WHERE id = @id", new { id }, transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO upload_attempt (request_id, number, started_at, arrival, reply, reply_sha256, error)
                VALUES (@id, @number, @now, @perhaps, @reply, @sum, '')
                """,
                new { id, number, now, perhaps = EnumWords<Arrival>.Word(Arrival.Perhaps), reply = Array.Empty<byte>(), sum = SHA256.HashData([]) },
                transaction);
            return number;
        });
    }

    /// <summary>Writes down what came back, together with the change. Customs' last code and message stay when this attempt brought none.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<bool> EndAttemptAsync(long fence, UploadAttempt attempt, StateChange change)
    {
        var (reply, sum) = (database.Content.Keep(attempt.Reply), SHA256.HashData(attempt.Reply));
        var (code, message) = (attempt.CustomsCode.Storable(), attempt.CustomsMessage.Storable());
        return database.WriteAsync(async (connection, transaction) =>
        {
            var (answer, extra) = attempt.CustomsCode is null
                ? ("", new DynamicParameters())
                : (", customs_code = @CustomsCode, customs_message = @CustomsMessage", new(new { CustomsCode = code, CustomsMessage = message }));
            if (!await ApplyAsync(connection, transaction, attempt.RequestId, fence, change, answer, extra))
            {
                return false;
            }

            await connection.ExecuteAsync(
                """
                UPDATE upload_attempt SET ended_at = @EndedAt, arrival = @Arrival, http_status = @HttpStatus, reply = @Reply, reply_sha256 = @sum,
                  customs_code = @CustomsCode, customs_message = @CustomsMessage, error = @Error
                WHERE request_id = @RequestId AND number = @Number
                """,
                new
                {
                    attempt.RequestId,
                    attempt.Number,
                    EndedAt = attempt.EndedAt.Stored(),
                    Arrival = EnumWords<Arrival>.Word(attempt.Arrival),
                    attempt.HttpStatus,
                    Reply = reply,
                    sum,
                    CustomsCode = code,
                    CustomsMessage = message,
                    attempt.Error,
                },
                transaction);
            return true;
        });
    }

    /// <summary>
    /// Data about these orders came in: requests that wait for it (<see cref="RequestStates.WaitsForData"/>) are due at once; where they stand is not changed here.
    /// A request that a worker holds is marked, so that the worker's "no data" does not outlive the data.
    /// </summary>
    /// <returns>The requests that are due now.</returns>
    public static async Task<IReadOnlyList<long>> WakeAsync(
        DbConnection connection, DbTransaction transaction, SqlDialect dialect, IReadOnlyCollection<string> orderNos, string merchant, DateTimeOffset now)
    {
        var concerned = $"{dialect.In("order_no", "@orderNos")} AND (merchant IS NULL OR merchant = @merchant) AND signed_at IS NULL";
        var orders = dialect.List(orderNos);
        if (dialect.LockRows("customs_request", concerned) is { Length: > 0 } locking)
        {
            // Whoever claims one of them from here on waits for our commit and then finds the data.
            await connection.ExecuteAsync(locking, new { orderNos = orders, merchant }, transaction);
        }

        await connection.ExecuteAsync(
            $"UPDATE customs_request SET woken_fence = fence WHERE {concerned} AND lease_until IS NOT NULL", new { orderNos = orders, merchant }, transaction);
        var woken = (await connection.QueryAsync<long>(
            $"SELECT id FROM customs_request WHERE {concerned} AND (state = @waiting OR (state = @person AND failure = @data)) ORDER BY id",
            new
            {
                orderNos = orders,
                merchant,
                waiting = RequestStates.Word(RequestState.WaitingData),
                person = RequestStates.Word(RequestState.NeedsPerson),
                data = EnumWords<FailureClass>.Word(FailureClass.Data),
            },
            transaction)).AsList();
        await connection.ExecuteAsync(
            $"UPDATE customs_request SET next_attempt_at = @now, {NotIgnored} WHERE id = @id", woken.Select(id => new { id, now = now.Stored() }), transaction);
        return woken;
    }

    private async Task<bool> ApplyAsync(DbConnection connection, DbTransaction transaction, long id, long fence, StateChange change, string extraColumns, DynamicParameters values, string condition = "1 = 1")
    {
        var now = time.GetUtcNow().Stored();
        values.AddDynamicParams(new
        {
            Id = id,
            Fence = fence,
            Now = now,
            State = RequestStates.Word(change.State),
            Failure = EnumWords<FailureClass>.Word(change.Failure),
            change.Reason,
            NextAttemptAt = change.NextAttemptAt.Stored(),
            FinishedAt = RequestStates.IsFinished(change.State) ? now : (long?)null,
            WaitsForData = RequestStates.WaitsForData(change.State, change.Failure) ? 1 : 0,
            ReleaseLease = change.ReleaseLease ? 1 : 0,
        });
        if (await connection.ExecuteAsync($"UPDATE customs_request SET {Change}{extraColumns} WHERE id = @Id AND fence = @Fence AND {condition}", values, transaction) == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt)
            SELECT id, @Now, state, failure, reason, attempts FROM customs_request WHERE id = @Id
            """,
            new { Id = id, Now = now },
            transaction);
        if (change.StopCode is { } code && await StopAsync(connection, transaction, id, code, change.Reason) && change.AlsoWhenStopped is { } alsoWhenStopped)
        {
            await alsoWhenStopped(connection, transaction);
        }

        if (change.Also is { } also)
        {
            await also(connection, transaction);
        }

        return true;
    }
}

/// <summary>What waits for a worker.</summary>
/// <param name="Count">How many requests.</param>
/// <param name="Oldest">How long the oldest of them has been due.</param>
internal sealed record DueRequests(long Count, TimeSpan Oldest);
