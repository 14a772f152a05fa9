using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What must be kept, in figures.</summary>
internal sealed partial class RetentionTable
{
    /// <summary>Times from which a term runs, each as the end of a SELECT of the latest.</summary>
    private static readonly string[] s_completed =
    [
        "last_trading_at) FROM payment", "ended_at) FROM order_end", "received_at) FROM customs_request", "captured_at) FROM captured_message WHERE payment_id IS NULL",
        "pay_at) FROM bridge_order", "changed_at) FROM bridge_order",
    ];

    /// <summary>What is inside its term, by kind, and when the first and the last of it was completed.</summary>
    public Task<KeptInTerm> KeptAsync(DateTimeOffset cutoff, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var values = new { cutoff = cutoff.Stored() };
            var latest = long.MinValue;
            foreach (var time in s_completed)
            {
                latest = Math.Max(latest, await connection.ExecuteScalarAsync<long?>($"SELECT MAX({time}") ?? long.MinValue);
            }

            // One walk through all requests for both.
            var (requests, finished) = await connection.QuerySingleAsync<(long Requests, long? Finished)>(
                $"SELECT CAST(COALESCE(SUM(CASE WHEN r.signed_at IS NULL AND {Alive} THEN 1 ELSE 0 END), 0) AS BIGINT), MAX(r.finished_at) FROM customs_request r", values);
            latest = Math.Max(latest, finished ?? long.MinValue);
            return new KeptInTerm(
                await CountAsync($"SELECT (SELECT COUNT(*) FROM payment WHERE last_trading_at >= @cutoff) + (SELECT COUNT(*) FROM payment p WHERE p.last_trading_at < @cutoff AND {InsideTerm})"),
                requests,
                await CountAsync("SELECT COUNT(*) FROM captured_message WHERE payment_id IS NULL AND captured_at >= @cutoff"),
                await CountAsync("SELECT COUNT(*) FROM bridge_order WHERE pay_at >= @cutoff OR changed_at >= @cutoff OR next_attempt_at IS NOT NULL"),
                StoredTime.Read(await connection.ExecuteScalarAsync<long?>("SELECT MIN(last_trading_at) FROM payment WHERE last_trading_at >= @cutoff", values)),
                StoredTime.Read(latest >= cutoff.Stored() ? latest : null));

            Task<long> CountAsync(string sql) => connection.ExecuteScalarAsync<long>(sql, values);
        },
        cancellationToken);
}

/// <summary>What is inside its term.</summary>
/// <param name="Payments">Payments, with all that belongs to them.</param>
/// <param name="Requests">Customs' requests that no payment has answered.</param>
/// <param name="Captures">Captured messages of no payment.</param>
/// <param name="Pushes">Orders at the bridge.</param>
/// <param name="First">The oldest payment's trading time; <see langword="null"/> when there is none.</param>
/// <param name="Last">When the last of all was completed; <see langword="null"/> when nothing is inside its term.</param>
internal sealed record KeptInTerm(long Payments, long Requests, long Captures, long Pushes, DateTimeOffset? First, DateTimeOffset? Last)
{
    /// <summary>Whether anything is.</summary>
    public bool IsAny => Payments + Requests + Captures + Pushes > 0;
}
