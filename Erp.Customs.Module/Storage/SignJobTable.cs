using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of texts that wait for a sign agent: the place where the node that waits and the node that an agent asks meet.</summary>
internal sealed class SignJobTable(CustomsDatabase database, TimeProvider time)
{
    private readonly string _expired = $"expires_at <= {database.Dialect.LeaseClock}";

    /// <summary>Nobody holds it, somebody waits for it, and no wrong PIN has closed its merchant's agents for everybody meanwhile.</summary>
    private readonly string _free = $"""
        answer IS NULL AND expires_at > {database.Dialect.LeaseClock} AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})
        AND NOT EXISTS (SELECT 1 FROM signer_stop s WHERE s.merchant = sign_job.merchant AND s.signer IN (@Agents, '') AND s.reopened_at IS NULL)
        """;

    private long Now => time.GetUtcNow().Stored();

    /// <summary>Where one process works on the database, nobody waits any more for what was there before its start. Called once, after migrations. Does nothing on a database that several nodes share.</summary>
    public Task RemoveOfEarlierBootsAsync() => database.BootNumber == 0
        ? Task.CompletedTask
        : database.WriteAsync((connection, transaction) => connection.ExecuteAsync("DELETE FROM sign_job", transaction: transaction));

    /// <summary>Adds a text.</summary>
    /// <param name="id">32 hex digits, drawn.</param>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="request">What is to be signed.</param>
    /// <param name="life">How long anybody waits.</param>
    public Task AddAsync(string id, string merchant, byte[] request, TimeSpan life) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        $"INSERT INTO sign_job (id, merchant, request, expires_at, fence) VALUES (@id, @merchant, @request, {database.Dialect.LeaseClock} + @life, 0)",
        new { id, merchant, request, life = (long)life.TotalMilliseconds, Now }, transaction));

    /// <summary>The text of a merchant that waits the longest and that no agent holds; <see langword="null"/> when there is none.</summary>
    public Task<string?> FreeAsync(string merchant, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<string>(
            database.Dialect.Limited($"SELECT id FROM sign_job WHERE merchant = @merchant AND {_free} ORDER BY expires_at, id"), new { merchant, Now, SignerStop.Agents, Limit = 1 }),
        cancellationToken);

    /// <summary>Takes a text for an agent: the lease is set and the fence is one higher.</summary>
    /// <returns><see langword="null"/> when somebody else was first, or nobody waits any more.</returns>
    public Task<LeasedJob?> LeaseAsync(string id, string agent, TimeSpan lease) => database.WriteAsync(async (connection, transaction) =>
        await connection.ExecuteAsync(
            $"UPDATE sign_job SET lease_until = {database.Dialect.LeaseClock} + @lease, leased_by = @agent, fence = fence + 1 WHERE id = @id AND {_free}",
            new { id, agent, lease = (long)lease.TotalMilliseconds, Now, SignerStop.Agents }, transaction) == 0
            ? null
            : await connection.QuerySingleAsync<LeasedJob>("SELECT id AS Id, fence AS Fence, request AS Request FROM sign_job WHERE id = @id", new { id }, transaction));

    /// <summary>Removes a text that an agent has answered to the very node that waits.</summary>
    /// <returns><see langword="false"/>: it is not this agent's any more, or has been answered; the answer must not be used.</returns>
    public Task<bool> TakeAsync(string id, long fence, string agent) => database.WriteAsync(async (connection, transaction) =>
        await connection.ExecuteAsync("DELETE FROM sign_job WHERE id = @id AND fence = @fence AND leased_by = @agent AND answer IS NULL", new { id, fence, agent }, transaction) == 1);

    /// <summary>Keeps an agent's answer for the node that waits.</summary>
    /// <returns><see langword="false"/>: it is not this agent's any more, or has been answered; nothing changed.</returns>
    public Task<bool> AnswerAsync(string id, long fence, string agent, byte[] answer) => database.WriteAsync(async (connection, transaction) =>
        await connection.ExecuteAsync(
            "UPDATE sign_job SET answer = @answer WHERE id = @id AND fence = @fence AND leased_by = @agent AND answer IS NULL", new { id, fence, agent, answer }, transaction) == 1);

    /// <summary>The answer that was kept; <see langword="null"/> while there is none.</summary>
    public Task<byte[]?> FindAnswerAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<byte[]?>("SELECT answer FROM sign_job WHERE id = @id", new { id }), cancellationToken);

    /// <summary>Removes a text for which nobody waits any more.</summary>
    public Task RemoveAsync(string id) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync("DELETE FROM sign_job WHERE id = @id", new { id }, transaction));

    /// <summary>Removes what a node that died has left behind.</summary>
    /// <returns>How many.</returns>
    public Task<int> SweepAsync() => database.WriteAsync((connection, transaction) => connection.ExecuteAsync($"DELETE FROM sign_job WHERE {_expired}", new { Now }, transaction));
}

/// <summary>A text that an agent holds.</summary>
internal sealed class LeasedJob
{
    public string Id { get; set; } = "";
    public long Fence { get; set; }
    public byte[] Request { get; set; } = [];
}
