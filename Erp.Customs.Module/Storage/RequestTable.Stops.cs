using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>停止上报: merchants whose uploads customs refuse alike. Their requests stay due and are held, also after a restart, until a person reopens the merchant.</summary>
internal sealed partial class RequestTable
{
    /// <summary>Test uploads go on: they tell when the merchant may be reopened.</summary>
    private const string NotStopped = "(purpose <> @Customs OR NOT EXISTS (SELECT 1 FROM upload_stop s WHERE s.merchant = customs_request.merchant AND s.reopened_at IS NULL))";

    /// <summary>The merchants that are stopped now.</summary>
    public Task<IReadOnlyList<UploadStop>> StopsAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<UploadStop>>(
        async connection => [.. (await connection.QueryAsync<UploadStopRow>(
            "SELECT merchant AS Merchant, stopped_at AS StoppedAt, code AS Code, reason AS Reason FROM upload_stop WHERE reopened_at IS NULL ORDER BY merchant")).Select(row => row.Read())],
        cancellationToken);

    /// <summary>How many requests of a merchant are held.</summary>
    public Task<long> CountHeldAsync(string merchant, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM customs_request WHERE merchant = @merchant AND purpose = @customs AND next_attempt_at IS NOT NULL", new { merchant, customs = s_customs }),
        cancellationToken);

    /// <summary>A person reopens a merchant. What was held begins a new round of tries, and who did it is written down with each request.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">For the record, without personal data.</param>
    /// <returns><see langword="false"/> when it was not stopped.</returns>
    public Task<bool> ReopenAsync(string merchant, string by, string reason) => database.WriteAsync(async (connection, transaction) =>
    {
        const string Held = "merchant = @merchant AND purpose = @customs AND next_attempt_at IS NOT NULL";
        var values = new { merchant, by, reason, now = time.GetUtcNow().Stored(), customs = s_customs };
        if (await connection.ExecuteAsync("UPDATE upload_stop SET reopened_at = @now, reopened_by = @by WHERE merchant = @merchant AND reopened_at IS NULL", values, transaction) == 0)
        {
            return false;
        }

        await connection.ExecuteAsync($"UPDATE customs_request SET requeued_at = @now WHERE {Held}", values, transaction);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt, actor)
            SELECT id, @now, state, failure, @reason, attempts, @by FROM customs_request WHERE {Held}
            """,
            values,
            transaction);
        return true;
    });

    /// <summary>The last stop of a merchant, whether it stands or was reopened; <see langword="null"/> when there never was one.</summary>
    public Task<UploadStop?> LastStopAsync(string merchant, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<UploadStopRow>(
            "SELECT merchant AS Merchant, stopped_at AS StoppedAt, code AS Code, reason AS Reason, reopened_at AS ReopenedAt FROM upload_stop WHERE merchant = @merchant", new { merchant }))?.Read(),
        cancellationToken);

    /// <summary>Stops a merchant's uploads without a request that met the cause.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="code">See <see cref="UploadStop.Code"/>.</param>
    /// <param name="reason">In words, without personal data.</param>
    /// <param name="alsoWhenStopped">What is written where the stop begins now.</param>
    public Task StopMerchantAsync(string merchant, string code, string reason, AlsoWrite alsoWhenStopped) => database.WriteAsync(async (connection, transaction) =>
    {
        if (await StopAsync(connection, transaction, merchant, code, reason))
        {
            await alsoWhenStopped(connection, transaction);
        }

        return true;
    });

    /// <summary>Stops the merchant of a request; a test upload stops nobody, unless it met a wrong PIN.</summary>
    /// <returns>Whether the stop begins now.</returns>
    private async Task<bool> StopAsync(DbConnection connection, DbTransaction transaction, long requestId, string code, string reason)
    {
        var merchant = await connection.ExecuteScalarAsync<string>(
            "SELECT merchant FROM customs_request WHERE id = @requestId AND (purpose = @customs OR @code = @pin)", new { requestId, customs = s_customs, code, pin = UploadStop.Pin }, transaction);
        return merchant is not null && await StopAsync(connection, transaction, merchant, code, reason);
    }

    /// <summary>A stop that stands keeps the time and the code with which it began; but a wrong PIN is the graver of two, and stops test uploads too.</summary>
    private async Task<bool> StopAsync(DbConnection connection, DbTransaction transaction, string merchant, string code, string reason)
    {
        var values = new { merchant, now = time.GetUtcNow().Stored(), code, reason, pin = UploadStop.Pin };
        if (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM upload_stop WHERE merchant = @merchant", values, transaction) == 0)
        {
            await connection.ExecuteAsync("INSERT INTO upload_stop (merchant, stopped_at, code, reason) VALUES (@merchant, @now, @code, @reason)", values, transaction);
            return true;
        }

        return await connection.ExecuteAsync(
            """
            UPDATE upload_stop SET stopped_at = @now, code = @code, reason = @reason, reopened_at = NULL, reopened_by = NULL
            WHERE merchant = @merchant AND (reopened_at IS NOT NULL OR (@code = @pin AND code <> @pin))
            """,
            values,
            transaction) > 0;
    }
}
