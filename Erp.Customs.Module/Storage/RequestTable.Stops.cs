using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// 停止上报: merchants whose uploads customs refuse alike, or whose signers have all met a wrong PIN. Their requests stay due and are held, also after a restart, until a person reopens the merchant.
/// </summary>
internal sealed partial class RequestTable
{
    /// <summary>Test uploads go on: they tell when the merchant may be reopened.</summary>
    private const string NotStopped = "(purpose <> @Customs OR NOT EXISTS (SELECT 1 FROM upload_stop s WHERE s.merchant = customs_request.merchant AND s.reopened_at IS NULL))";

    private const string SelectSignerStops = "SELECT merchant AS Merchant, signer AS Signer, stopped_at AS StoppedAt, reason AS Reason, reopened_at AS ReopenedAt FROM signer_stop";

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

    /// <summary>
    /// A person reopens a merchant: what customs have stopped, or else the signers that met a wrong PIN; so that nobody has a PIN tried who thought of customs' register alone.
    /// What was held begins a new round of tries, and who did it is written down with each request.
    /// </summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">For the record, without personal data.</param>
    /// <returns><see langword="false"/> when it was not stopped, and none of its signers closed.</returns>
    public Task<bool> ReopenAsync(string merchant, string by, string reason) => database.WriteAsync(async (connection, transaction) =>
    {
        const string Held = "merchant = @merchant AND purpose = @customs AND next_attempt_at IS NOT NULL";
        const string Reopened = "SET reopened_at = @now, reopened_by = @by WHERE merchant = @merchant AND reopened_at IS NULL";
        var values = new { merchant, by, reason, now = time.GetUtcNow().Stored(), customs = s_customs, pin = UploadStop.Pin };
        var reopened = await connection.ExecuteAsync($"UPDATE upload_stop {Reopened} AND code <> @pin", values, transaction) > 0;
        if (!reopened)
        {
            var signers = await connection.ExecuteAsync($"UPDATE signer_stop {Reopened}", values, transaction) > 0;
            reopened = await connection.ExecuteAsync($"UPDATE upload_stop {Reopened}", values, transaction) > 0;
            if (!reopened)
            {
                return signers;
            }
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

    /// <summary>The signers of a merchant that ever met a wrong PIN, whether they are closed or were reopened.</summary>
    public Task<IReadOnlyList<SignerStop>> SignerStopsAsync(string merchant, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SignerStop>>(
        async connection => [.. (await connection.QueryAsync<SignerStopRow>($"{SelectSignerStops} WHERE merchant = @merchant", new { merchant })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>The signers of all merchants that are closed now.</summary>
    public Task<IReadOnlyList<SignerStop>> ClosedSignersAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SignerStop>>(
        async connection => [.. (await connection.QueryAsync<SignerStopRow>($"{SelectSignerStops} WHERE reopened_at IS NULL ORDER BY merchant, signer")).Select(row => row.Read())],
        cancellationToken);

    /// <summary>Closes a signer that met a wrong PIN, and stops the merchant when it was the last that was open.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="signer">The signer's name.</param>
    /// <param name="reason">In words, without personal data.</param>
    /// <param name="all">The names of all signers of the merchant.</param>
    /// <param name="alsoWhenClosed">What is written where it is closed now and others are open.</param>
    /// <param name="alsoWhenStopped">What is written where the merchant's stop begins now.</param>
    public Task StopSignerAsync(string merchant, string signer, string reason, IReadOnlyCollection<string> all, AlsoWrite alsoWhenClosed, AlsoWrite alsoWhenStopped) => database.WriteAsync(async (connection, transaction) =>
    {
        var values = new { merchant, signer, reason, now = time.GetUtcNow().Stored() };
        var isNew = await connection.ExecuteAsync(
            "UPDATE signer_stop SET stopped_at = @now, reason = @reason, reopened_at = NULL, reopened_by = NULL WHERE merchant = @merchant AND signer = @signer AND reopened_at IS NOT NULL", values, transaction) > 0;
        if (!isNew && await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM signer_stop WHERE merchant = @merchant AND signer = @signer", values, transaction) == 0)
        {
            await connection.ExecuteAsync("INSERT INTO signer_stop (merchant, signer, stopped_at, reason) VALUES (@merchant, @signer, @now, @reason)", values, transaction);
            isNew = true;
        }

        if (!await StopIfNoneIsOpenAsync(connection, transaction, merchant, reason, all, alsoWhenStopped) && isNew)
        {
            await alsoWhenClosed(connection, transaction);
        }

        return true;
    });

    /// <summary>Stops a merchant all of whose signers are closed; nothing happens where one has been reopened meanwhile.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="reason">In words, without personal data.</param>
    /// <param name="all">The names of all signers of the merchant.</param>
    /// <param name="alsoWhenStopped">What is written where the stop begins now.</param>
    public Task StopWithoutSignersAsync(string merchant, string reason, IReadOnlyCollection<string> all, AlsoWrite alsoWhenStopped) => database.WriteAsync(
        (connection, transaction) => StopIfNoneIsOpenAsync(connection, transaction, merchant, reason, all, alsoWhenStopped));

    /// <returns>Whether none is open.</returns>
    private async Task<bool> StopIfNoneIsOpenAsync(DbConnection connection, DbTransaction transaction, string merchant, string reason, IReadOnlyCollection<string> all, AlsoWrite alsoWhenStopped)
    {
        var closed = (await connection.QueryAsync<string>("SELECT signer FROM signer_stop WHERE merchant = @merchant AND reopened_at IS NULL", new { merchant }, transaction)).ToList();
        if (!closed.Contains("") && all.Except(closed, StringComparer.Ordinal).Any())
        {
            return false;
        }

        if (await StopAsync(connection, transaction, merchant, UploadStop.Pin, reason))
        {
            await alsoWhenStopped(connection, transaction);
        }

        return true;
    }

    /// <summary>Stops the merchant of a request; a test upload stops nobody.</summary>
    /// <returns>Whether the stop begins now.</returns>
    private async Task<bool> StopAsync(DbConnection connection, DbTransaction transaction, long requestId, string code, string reason)
    {
        var merchant = await connection.ExecuteScalarAsync<string>(
            "SELECT merchant FROM customs_request WHERE id = @requestId AND purpose = @customs", new { requestId, customs = s_customs }, transaction);
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
