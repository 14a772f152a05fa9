using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// The requests of customs (海关请求): stored, found and counted here; <c>RequestTable.Work.cs</c> has what a worker does with them.
/// This table is the truth; job engines only drive.
/// </summary>
internal sealed partial class RequestTable(CustomsDatabase database, TimeProvider time)
{
    private const string SelectRequest = $"SELECT {RequestRow.Columns} FROM customs_request";

    private const string SelectSame = "SELECT id AS Id, order_no AS OrderNo, merchant AS Merchant FROM customs_request WHERE session_id = @session_id";

    private const string InsertEvent =
        "INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt) VALUES (@request_id, @occurred_at, @state, @failure, @reason, @attempt)";

    private static readonly string s_received = RequestStates.Word(RequestState.Received);
    private static readonly string s_customs = EnumWords<RequestPurpose>.Word(RequestPurpose.Customs);
    private static readonly string s_noFailure = EnumWords<FailureClass>.Word(FailureClass.None);

    private readonly string _insert = database.Dialect.InsertNewReturningId(
        "customs_request", unique: "session_id",
        "session_id", "order_no", "merchant", "purpose", "service_time", "openreq", "openreq_sha256", "received_at", "deadline",
        "state", "failure", "reason", "attempts", "next_attempt_at", "lease_boot", "fence", "woken_fence", "answer");

    /// <summary>Stores a request with its first event, due at once. Durable when the task completes. A session that is there already is left as it is.</summary>
    /// <returns>What became of it, and the id of the session's request.</returns>
    public Task<(InsertOutcome Outcome, long Id)> InsertAsync(NewRequest request)
    {
        var sum = SHA256.HashData(request.RawOpenReq);
        var openreq = database.Content.Keep(request.RawOpenReq);
        var receivedAt = request.ReceivedAt.Stored();
        return database.WriteAsync(async (connection, transaction) =>
        {
            var inserted = await database.RunAsync(
                connection, transaction, _insert,
                ("@session_id", request.SessionId), ("@order_no", request.OrderNo), ("@merchant", request.Merchant), ("@purpose", EnumWords<RequestPurpose>.Word(request.Purpose)),
                ("@service_time", request.ServiceTime), ("@openreq", openreq), ("@openreq_sha256", sum), ("@received_at", receivedAt), ("@deadline", request.Deadline.Stored()),
                ("@state", s_received), ("@failure", s_noFailure), ("@reason", ""), ("@attempts", 0), ("@next_attempt_at", receivedAt), ("@lease_boot", 0L), ("@fence", 0L), ("@woken_fence", -1L), ("@answer", request.Answer));
            if (inserted is not long id)
            {
                return await CompareAsync(connection, transaction, request);
            }

            await database.RunAsync(
                connection, transaction, InsertEvent,
                ("@request_id", id), ("@occurred_at", receivedAt), ("@state", s_received), ("@failure", s_noFailure), ("@reason", ""), ("@attempt", 0));
            return (InsertOutcome.Stored, id);
        });
    }

    /// <summary>Reads a request by our id.</summary>
    public Task<CustomsRequest?> FindAsync(long id, CancellationToken cancellationToken) =>
        FirstAsync($"{SelectRequest} WHERE id = @id", new { id }, cancellationToken);

    /// <summary>Reads a request by customs' sessionID.</summary>
    public Task<CustomsRequest?> FindBySessionAsync(string sessionId, CancellationToken cancellationToken) =>
        FirstAsync($"{SelectRequest} WHERE session_id = @sessionId", new { sessionId }, cancellationToken);

    /// <summary>Reads every request about an order, newest first.</summary>
    public Task<IReadOnlyList<CustomsRequest>> FindByOrderAsync(string orderNo, CancellationToken cancellationToken) =>
        ListAsync($"{SelectRequest} WHERE order_no = @orderNo ORDER BY id DESC", new { orderNo }, cancellationToken);

    /// <summary>Reads the signed message of a request that counts, if it has one.</summary>
    public Task<Envelope?> EnvelopeAsync(long requestId, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<EnvelopeRow>($"SELECT {EnvelopeRow.Columns} FROM envelope WHERE request_id = @requestId", new { requestId }))?.Read(database.Content),
        cancellationToken);

    /// <summary>Reads the signed messages of a request that a person has had replaced, oldest first: evidence.</summary>
    public Task<IReadOnlyList<ReplacedEnvelope>> ReplacedEnvelopesAsync(long requestId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReplacedEnvelope>>(
        async connection => [.. (await connection.QueryAsync<EnvelopeRow>(
            $"SELECT {EnvelopeRow.Columns}, number AS Number, replaced_at AS ReplacedAt FROM replaced_envelope WHERE request_id = @requestId ORDER BY number", new { requestId }))
            .Select(row => new ReplacedEnvelope(row.Number, StoredTime.Read(row.ReplacedAt), row.Read(database.Content)))],
        cancellationToken);

    /// <summary>Reads every change of a request, oldest first.</summary>
    public Task<IReadOnlyList<RequestEvent>> EventsAsync(long requestId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RequestEvent>>(
        async connection => [.. (await connection.QueryAsync<EventRow>(
            """
            SELECT request_id AS RequestId, occurred_at AS OccurredAt, state AS State, failure AS Failure, reason AS Reason, attempt AS Attempt, actor AS Actor
            FROM request_event WHERE request_id = @requestId ORDER BY id
            """,
            new { requestId })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>Reads every sending of a request, oldest first.</summary>
    public Task<IReadOnlyList<UploadAttempt>> AttemptsAsync(long requestId, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<UploadAttempt>>(
        async connection => [.. (await connection.QueryAsync<AttemptRow>(
            """
            SELECT request_id AS RequestId, number AS Number, started_at AS StartedAt, ended_at AS EndedAt, arrival AS Arrival, http_status AS HttpStatus, reply AS Reply,
              customs_code AS CustomsCode, customs_message AS CustomsMessage, error AS Error
            FROM upload_attempt WHERE request_id = @requestId ORDER BY number
            """,
            new { requestId })).Select(row => row.Read(database.Content))],
        cancellationToken);

    /// <summary>The same when the order is the same and the merchants do not contradict each other: one of them may still be unknown.</summary>
    private static async Task<(InsertOutcome Outcome, long Id)> CompareAsync(DbConnection connection, DbTransaction transaction, NewRequest request)
    {
        var same = await connection.QuerySingleAsync<RequestRow>(SelectSame, new { session_id = request.SessionId }, transaction);
        var repeated = string.Equals(same.OrderNo, request.OrderNo, StringComparison.Ordinal)
            && (same.Merchant is null || request.Merchant is null || string.Equals(same.Merchant, request.Merchant, StringComparison.Ordinal));
        return (repeated ? InsertOutcome.Repeated : InsertOutcome.OtherOrder, same.Id);
    }

    private Task<CustomsRequest?> FirstAsync(string sql, object values, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<RequestRow>(sql, values))?.Read(),
        cancellationToken);

    private Task<IReadOnlyList<CustomsRequest>> ListAsync(string sql, object values, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CustomsRequest>>(
        async connection => [.. (await connection.QueryAsync<RequestRow>(sql, values)).Select(row => row.Read())],
        cancellationToken);
}
