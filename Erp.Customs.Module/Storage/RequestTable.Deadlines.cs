using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>时限: whose time runs out, and how long customs waited for what they got.</summary>
internal sealed partial class RequestTable
{
    private const string HalfIsGone = "finished_at IS NULL AND alarmed_at IS NULL AND requeued_at IS NULL AND purpose = @Customs AND received_at + (deadline - received_at) / 2 <= @Now";

    /// <summary>
    /// Requests of customs half of whose time is gone without an end, the earliest deadline first; each is given out once, whatever restarts and whichever node asks.
    /// One that a person has had start over is in his hands.
    /// </summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="also">What is written with it about those that are given out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<CustomsRequest>> TakeAlarmsAsync(int limit, Func<IReadOnlyList<CustomsRequest>, AlsoWrite> also, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().Stored();
        var late = await ListAsync(
            database.Dialect.Limited($"{SelectRequest} WHERE {HalfIsGone} ORDER BY deadline, id"), new { Customs = s_customs, Now = now, Limit = limit }, cancellationToken);
        return late.Count == 0 ? late : await database.WriteAsync<IReadOnlyList<CustomsRequest>>(async (connection, transaction) =>
        {
            var taken = new List<CustomsRequest>();
            foreach (var request in late)
            {
                if (await connection.ExecuteAsync("UPDATE customs_request SET alarmed_at = @now WHERE id = @Id AND alarmed_at IS NULL", new { request.Id, now }, transaction) > 0)
                {
                    taken.Add(request);
                }
            }

            if (taken.Count > 0)
            {
                await also(taken)(connection, transaction);
            }

            return taken;
        });
    }

    /// <summary>How long customs waited, from receipt to acceptance, for what they asked since a time and have accepted.</summary>
    /// <param name="since">Received then or later.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> when there is none. Below 10 seconds to the millisecond, above to the second.</returns>
    public Task<ElapsedFigures?> ElapsedAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            const string Elapsed = "CASE WHEN finished_at - received_at < 10000 THEN finished_at - received_at ELSE (finished_at - received_at) / 1000 * 1000 END";
            var groups = (await connection.QueryAsync<(long Elapsed, long Count)>(
                $"""
                SELECT {Elapsed} AS Elapsed, CAST(COUNT(*) AS BIGINT) AS Number FROM customs_request
                WHERE received_at >= @since AND finished_at IS NOT NULL AND state = @accepted AND purpose = @customs
                GROUP BY {Elapsed} ORDER BY {Elapsed}
                """,
                new { since = since.Stored(), accepted = RequestStates.Word(RequestState.Accepted), customs = s_customs })).AsList();
            return groups.Count == 0 ? null : ElapsedFigures.Of(groups);
        },
        cancellationToken);

    /// <summary>Why requests of customs since a time have not been accepted: those that failed, by the class of the failure, the most first.</summary>
    public Task<IReadOnlyList<(FailureClass Failure, long Count)>> FailuresAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<(FailureClass, long)>>(
        async connection => [.. (await connection.QueryAsync<(string Failure, long Count)>(
            $"""
            SELECT failure, CAST(COUNT(*) AS BIGINT) FROM customs_request WHERE {database.Dialect.In("state", "@failed")} AND purpose = @customs AND received_at >= @since GROUP BY failure
            """,
            new { failed = database.Dialect.List(RequestStates.Failed.Select(RequestStates.Word)), customs = s_customs, since = since.Stored() }))
            .Select(group => (EnumWords<FailureClass>.Parse(group.Failure), group.Count)).OrderByDescending(group => group.Count)],
        cancellationToken);

    /// <summary>When the request of customs came that has waited longest for its end; <see langword="null"/> when none waits.</summary>
    public Task<DateTimeOffset?> OldestOpenAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => StoredTime.Read(await connection.ExecuteScalarAsync<long?>(
            $"SELECT MIN(received_at) FROM customs_request WHERE {database.Dialect.In("state", "@open")} AND purpose = @customs",
            new { open = database.Dialect.List(Enum.GetValues<RequestState>().Where(state => !RequestStates.IsFinished(state)).Select(RequestStates.Word)), customs = s_customs })),
        cancellationToken);
}

/// <summary>How long customs waited, from receipt to acceptance.</summary>
/// <param name="Count">For how many requests.</param>
/// <param name="P50">Half of them waited at most so long.</param>
/// <param name="P95">95 of 100.</param>
/// <param name="P99">99 of 100.</param>
internal sealed record ElapsedFigures(long Count, TimeSpan P50, TimeSpan P95, TimeSpan P99)
{
    /// <summary>Computes them: the least time that so many of 100 did not exceed.</summary>
    /// <param name="groups">Milliseconds, ascending, and how many took so long; at least one.</param>
    public static ElapsedFigures Of(IReadOnlyList<(long Elapsed, long Count)> groups)
    {
        var count = groups.Sum(group => group.Count);
        return new(count, Percentile(50), Percentile(95), Percentile(99));

        TimeSpan Percentile(int percent)
        {
            var left = (count * percent + 99) / 100;
            foreach (var (elapsed, number) in groups)
            {
                left -= number;
                if (left <= 0)
                {
                    return TimeSpan.FromMilliseconds(elapsed);
                }
            }

            throw new InvalidOperationException("More than all of them cannot be asked for.");
        }
    }
}
