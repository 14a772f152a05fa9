using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>A person has a request start over (重新排队). What becomes of it is decided in the Upload room.</summary>
internal sealed partial class RequestTable
{
    /// <summary>Whether customs may have what was sent in some attempt without our having their answer to it.</summary>
    public Task<bool> IsInDoubtAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await connection.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM upload_attempt WHERE request_id = @id AND arrival = @perhaps AND customs_code IS NULL",
            new { id, perhaps = EnumWords<Arrival>.Word(Arrival.Perhaps) }) > 0,
        cancellationToken);

    /// <summary>
    /// Makes a request due at once, in a new round of tries, and writes down who wished it. The fence grows, so that a worker whose lease has ended can save nothing any more.
    /// </summary>
    /// <param name="asRead">The request as it was read before anything else of it was.</param>
    /// <param name="change">Where it stands then, and why.</param>
    /// <param name="actor">Who wished it.</param>
    /// <param name="replacesEnvelope">Whether its message no longer counts: it is kept as evidence, and the next worker makes another.</param>
    /// <returns><see langword="false"/>: a worker holds it, or it is not as it was read any more; nothing changed.</returns>
    public Task<bool> StartOverAsync(CustomsRequest asRead, StateChange change, string actor, bool replacesEnvelope = false)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) =>
        {
            // A worker whose lease has ended keeps his fence until somebody else claims: only state and attempts tell what he does meanwhile.
            var changed = await connection.ExecuteAsync(
                $"""
                UPDATE customs_request SET state = @State, failure = @Failure, reason = @Reason, next_attempt_at = @NextAttemptAt, requeued_at = @Now,
                  finished_at = NULL, elapsed = NULL, lease_until = NULL, fence = fence + 1, {NotIgnored}
                WHERE id = @Id AND fence = @Fence AND state = @Before AND attempts = @Attempts AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})
                """,
                new
                {
                    asRead.Id,
                    asRead.Fence,
                    Before = RequestStates.Word(asRead.State),
                    asRead.Attempts,
                    State = RequestStates.Word(change.State),
                    Failure = EnumWords<FailureClass>.Word(change.Failure),
                    change.Reason,
                    NextAttemptAt = change.NextAttemptAt.Stored(),
                    Now = now,
                },
                transaction);
            if (changed == 0)
            {
                return false;
            }

            if (replacesEnvelope)
            {
                await ReplaceEnvelopeAsync(connection, transaction, asRead.Id, now);
            }

            await connection.ExecuteAsync(
                """
                INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt, actor)
                SELECT id, @now, state, failure, reason, attempts, @actor FROM customs_request WHERE id = @Id
                """,
                new { asRead.Id, now, actor },
                transaction);
            return true;
        });
    }

    /// <summary>The ids of what a search finds, the earliest deadline first, for a person's wish about all of them.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(RequestSearch search, int limit, CancellationToken cancellationToken)
    {
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        return database.ReadAsync<IReadOnlyList<long>>(
            async connection => (await connection.QueryAsync<long>(
                database.Dialect.Limited($"SELECT id FROM customs_request WHERE 1 = 1{search.Condition(database.Dialect)} ORDER BY deadline, id"), values)).AsList(),
            cancellationToken);
    }

    /// <summary>Requests of a merchant that were signed when it was stopped.</summary>
    public Task<IReadOnlyList<long>> SignedWhenStoppedAsync(string merchant, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<long>>(
        async connection => (await connection.QueryAsync<long>(
            "SELECT id FROM customs_request WHERE merchant = @merchant AND purpose = @customs AND state = @signed AND next_attempt_at IS NOT NULL ORDER BY deadline, id",
            new { merchant, customs = s_customs, signed = RequestStates.Word(RequestState.Signed) })).AsList(),
        cancellationToken);

    private static async Task ReplaceEnvelopeAsync(DbConnection connection, DbTransaction transaction, long id, long now)
    {
        const string Kept = "payment_id, payment_version, payload, payload_sha256, sign_text, sign_text_sha256, service_time, cert_no, sign_value, certificate, scheme, renderer, created_at";
        var number = 1 + await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM replaced_envelope WHERE request_id = @id", new { id }, transaction);
        await connection.ExecuteAsync(
            $"INSERT INTO replaced_envelope (request_id, number, {Kept}, replaced_at) SELECT request_id, @number, {Kept}, @now FROM envelope WHERE request_id = @id", new { id, number, now }, transaction);
        await connection.ExecuteAsync("DELETE FROM envelope WHERE request_id = @id", new { id }, transaction);
        await connection.ExecuteAsync("UPDATE customs_request SET signed_at = NULL WHERE id = @id", new { id }, transaction);
    }
}
