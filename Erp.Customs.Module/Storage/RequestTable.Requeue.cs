using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>A person has a request start over (重新排队).</summary>
internal sealed partial class RequestTable
{
    /// <summary>
    /// Makes a request due at once, in a new round of tries, and writes down who wished it. Where a message was signed, its bytes are sent again, for nobody knows
    /// what customs made of them; otherwise a new one is made. The fence grows, so that a worker whose lease has ended can save nothing any more.
    /// </summary>
    /// <param name="id">Which.</param>
    /// <param name="actor">Who wished it.</param>
    /// <param name="reason">For the record and the screens, without personal data.</param>
    public Task<RequeueOutcome> RequeueAsync(long id, string actor, string reason)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(async (connection, transaction) =>
        {
            if (await connection.QuerySingleOrDefaultAsync<RequestRow>($"{SelectRequest} WHERE id = @id", new { id }, transaction) is not { } row)
            {
                return RequeueOutcome.Missing;
            }

            var request = row.Read();
            if (Refusal(request.State) is { } refusal)
            {
                return refusal;
            }

            var signed = await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM envelope WHERE request_id = @id", new { id }, transaction) > 0;
            var state = Waiting(request.State, signed);
            var changed = await connection.ExecuteAsync(
                $"""
                UPDATE customs_request SET state = @State, failure = @Failure, reason = @Reason, next_attempt_at = @Now, requeued_at = @Now,
                  finished_at = NULL, lease_until = NULL, fence = fence + 1
                WHERE id = @Id AND fence = @Fence AND state = @Before AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})
                """,
                new { Id = id, request.Fence, Before = row.State, State = RequestStates.Word(state), Failure = s_noFailure, Reason = reason, Now = now.Stored() },
                transaction);
            if (changed == 0)
            {
                return RequeueOutcome.UnderWay;
            }

            await connection.ExecuteAsync(
                """
                INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt, actor)
                SELECT id, @Now, state, failure, reason, attempts, @Actor FROM customs_request WHERE id = @Id
                """,
                new { Id = id, Now = now.Stored(), Actor = actor },
                transaction);
            return signed ? RequeueOutcome.SendsAgain : RequeueOutcome.MakesNew;
        });
    }

    private static RequeueOutcome? Refusal(RequestState state) => state switch
    {
        RequestState.Accepted => RequeueOutcome.Accepted,
        RequestState.SessionUsed => RequeueOutcome.SessionUsed,
        _ => null,
    };

    /// <summary>Bytes whose fate is unknown stay unknown until customs have answered.</summary>
    private static RequestState Waiting(RequestState before, bool signed) =>
        !signed ? RequestState.Received : before is RequestState.Sending or RequestState.Unknown ? RequestState.Unknown : RequestState.Signed;
}
