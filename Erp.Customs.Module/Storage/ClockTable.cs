using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of a clock that was set back: what was put off by the clock as it was before would be put off by as much more.</summary>
internal sealed class ClockTable(CustomsDatabase database)
{
    private static readonly string[] s_putOff =
    [
        "UPDATE customs_request SET next_attempt_at = next_attempt_at - @by WHERE next_attempt_at > @now",
        "UPDATE customs_request SET lease_until = lease_until - @by WHERE lease_until > @now",
        "UPDATE bridge_order SET next_attempt_at = next_attempt_at - @by WHERE next_attempt_at > @now",
        "UPDATE bridge_order SET lease_until = lease_until - @by WHERE lease_until > @now",
        "UPDATE alert_message SET next_attempt_at = next_attempt_at - @by, quiet_until = quiet_until - @by WHERE next_attempt_at > @now",
    ];

    /// <summary>Whether all times in the database are by the clock of this process; on a server they are by those of several, and leases by its own.</summary>
    public bool IsOurs => database.BootNumber > 0;

    /// <summary>The time of the last change of a request; <see langword="null"/> when there was none.</summary>
    public async Task<DateTimeOffset?> LatestAsync(CancellationToken cancellationToken) => StoredTime.Read(await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<long?>(database.Dialect.Limited("SELECT occurred_at FROM request_event ORDER BY id DESC"), new { Limit = 1 }), cancellationToken));

    /// <summary>Brings what is put off nearer by as much as the clock was set back.</summary>
    /// <param name="now">By the clock as it is.</param>
    /// <param name="by">More than zero.</param>
    /// <returns>How many times were changed.</returns>
    public Task<int> SetBackAsync(DateTimeOffset now, TimeSpan by) => database.WriteAsync(async (connection, transaction) =>
    {
        var changed = 0;
        foreach (var statement in s_putOff)
        {
            changed += await connection.ExecuteAsync(statement, new { now = now.Stored(), by = (long)by.TotalMilliseconds }, transaction);
        }

        return changed;
    });
}
