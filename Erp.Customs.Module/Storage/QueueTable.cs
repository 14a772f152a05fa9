using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>How long the queue of customs' requests is, read beside the work on it.</summary>
internal sealed class QueueTable(CustomsDatabase database, TimeProvider time)
{
    /// <summary>Requests that are due and that nobody holds.</summary>
    public Task<DueRequests> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.ReadAsync(
            async connection =>
            {
                var (count, since) = await connection.QuerySingleAsync<(long Count, long? Since)>(
                    $"""
                    SELECT CAST(COUNT(*) AS BIGINT), MIN(next_attempt_at) FROM customs_request
                    WHERE next_attempt_at <= @Now AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})
                    """,
                    new { Now = now.Stored() });
                return new DueRequests(count, StoredTime.Read(since) is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero);
            },
            cancellationToken);
    }
}

/// <summary>What waits for a worker.</summary>
/// <param name="Count">How many requests.</param>
/// <param name="Oldest">How long the oldest of them has been due.</param>
internal sealed record DueRequests(long Count, TimeSpan Oldest);
