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
    /// <returns><see langword="false"/>: a worker holds it, or it is not as it was read any more; nothing changed.</returns>
    public Task<bool> StartOverAsync(CustomsRequest asRead, StateChange change, string actor)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) =>
        {
            // A worker whose lease has ended keeps his fence until somebody else claims: only state and attempts tell what he does meanwhile.
            var changed = await connection.ExecuteAsync(
                $"""
                UPDATE customs_request SET state = @State, failure = @Failure, reason = @Reason, next_attempt_at = @NextAttemptAt, requeued_at = @Now,
                  finished_at = NULL, lease_until = NULL, fence = fence + 1
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
}
