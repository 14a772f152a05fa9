using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of what days were like: summed up when they are over, counted from the rows while they go on.</summary>
internal sealed class DayTable(CustomsDatabase database)
{
    /// <summary>Milliseconds by which China is ahead.</summary>
    private const string ChinaMilliseconds = "28800000";

    private const string DayOf = $"(received_at + {ChinaMilliseconds}) / 86400000";

    /// <summary>To 50 ms below a second, to 0.5 s below ten, to 5 s above.</summary>
    private const string Elapsed = """
        CASE WHEN finished_at - received_at < 1000 THEN (finished_at - received_at) / 50 * 50
          WHEN finished_at - received_at < 10000 THEN (finished_at - received_at) / 500 * 500 ELSE (finished_at - received_at) / 5000 * 5000 END
        """;

    private static readonly DateOnly s_first = new(1970, 1, 1);

    /// <summary>The day in China of a time.</summary>
    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.ToOffset(ChinaTime.Offset).DateTime);

    /// <summary>When a day begins in China.</summary>
    public static DateTimeOffset Begin(DateOnly day) => new(day, TimeOnly.MinValue, ChinaTime.Offset);

    /// <summary>The sums of days that are over, as they were summed up; a day that was not is missing.</summary>
    public Task<IReadOnlyList<DaySum>> SummedAsync(DateOnly from, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<DaySum>>(
        async connection => [.. (await connection.QueryAsync<Row>(
            """
            SELECT day AS Day, accepted AS Accepted, refused AS Refused, for_person AS ForPerson, unfinished AS Unfinished, p95 AS P95, payments AS Payments
            FROM day_sum WHERE day >= @from ORDER BY day
            """,
            new { from = Number(from) })).Select(row => new DaySum(
                s_first.AddDays((int)row.Day), row.Accepted, row.Refused, row.ForPerson, row.Unfinished, row.P95 is { } p95 ? TimeSpan.FromMilliseconds(p95) : null, row.Payments))],
        cancellationToken);

    /// <summary>Counts days from the rows themselves, each from its first to its last moment.</summary>
    public Task<IReadOnlyList<DaySum>> CountAsync(DateOnly from, DateOnly until, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<DaySum>>(
        async connection =>
        {
            // The states stand in the statement's values, so that the index of them is used for each.
            var (begin, end) = (Begin(from).Stored(), Begin(until.AddDays(1)).Stored());
            var values = new DynamicParameters(new
            {
                begin,
                end,
                customs = EnumWords<RequestPurpose>.Word(RequestPurpose.Customs),
                ended = database.Dialect.List(Enum.GetValues<RequestState>().Where(RequestStates.IsFinished).Select(RequestStates.Word)),
                open = database.Dialect.List(Enum.GetValues<RequestState>().Where(state => !RequestStates.IsFinished(state)).Select(RequestStates.Word)),
            });
            var ended = (await connection.QueryAsync<(long Day, string State, long Elapsed, long Count)>(
                $"""
                SELECT {DayOf}, state, {Elapsed}, CAST(COUNT(*) AS BIGINT) FROM customs_request
                WHERE {database.Dialect.In("state", "@ended")} AND purpose = @customs AND finished_at IS NOT NULL AND received_at >= @begin AND received_at < @end
                GROUP BY {DayOf}, state, {Elapsed}
                """,
                values)).ToLookup(group => group.Day);
            var open = (await connection.QueryAsync<(long Day, long Count)>(
                $"""
                SELECT {DayOf}, CAST(COUNT(*) AS BIGINT) FROM customs_request
                WHERE {database.Dialect.In("state", "@open")} AND purpose = @customs AND received_at >= @begin AND received_at < @end GROUP BY {DayOf}
                """,
                values)).ToDictionary(group => group.Day, group => group.Count);
            var payments = (await connection.QueryAsync<(long Day, long Count)>(
                $"SELECT {DayOf}, CAST(COUNT(*) AS BIGINT) FROM payment WHERE received_at >= @begin AND received_at < @end GROUP BY {DayOf}", new { begin, end })).ToDictionary(group => group.Day, group => group.Count);
            return [.. Enumerable.Range(0, until.DayNumber - from.DayNumber + 1).Select(from.AddDays).Select(day => Sum(day, [.. ended[Number(day)].Select(group => (RequestStates.Parse(group.State), group.Elapsed, group.Count))], open.GetValueOrDefault(Number(day)), payments.GetValueOrDefault(Number(day))))];
        },
        cancellationToken);

    /// <summary>Keeps the sums of days that are over, in the place of earlier ones.</summary>
    public Task SaveAsync(IReadOnlyCollection<DaySum> days) => database.WriteAsync<object?>(async (connection, transaction) =>
    {
        await database.LockAsync(connection, transaction, "day sums");
        foreach (var day in days)
        {
            await SaveAsync(connection, transaction, day);
        }

        return null;
    });

    private static async Task SaveAsync(DbConnection connection, DbTransaction transaction, DaySum day)
    {
        var values = new
        {
            day = Number(day.Day),
            day.Accepted,
            day.Refused,
            day.ForPerson,
            day.Unfinished,
            P95 = day.P95 is { } p95 ? (long)p95.TotalMilliseconds : (long?)null,
            day.Payments,
        };
        await connection.ExecuteAsync("DELETE FROM day_sum WHERE day = @day", values, transaction);
        await connection.ExecuteAsync(
            "INSERT INTO day_sum (day, accepted, refused, for_person, unfinished, p95, payments) VALUES (@day, @Accepted, @Refused, @ForPerson, @Unfinished, @P95, @Payments)", values, transaction);
    }

    private static DaySum Sum(DateOnly day, IReadOnlyList<(RequestState State, long Elapsed, long Count)> ended, long open, long payments)
    {
        var accepted = ended.Where(group => group.State == RequestState.Accepted).OrderBy(group => group.Elapsed).Select(group => (group.Elapsed, group.Count)).ToList();
        return new(
            day,
            accepted.Sum(group => group.Count),
            Count(RequestState.Rejected, RequestState.SessionUsed),
            Count(RequestState.NeedsPerson),
            open,
            accepted.Count == 0 ? null : ElapsedFigures.Of(accepted).P95,
            payments);

        long Count(params RequestState[] states) => ended.Where(group => states.Contains(group.State)).Sum(group => group.Count);
    }

    private static long Number(DateOnly day) => day.DayNumber - s_first.DayNumber;

    private sealed class Row
    {
        public long Day { get; set; }
        public long Accepted { get; set; }
        public long Refused { get; set; }
        public long ForPerson { get; set; }
        public long Unfinished { get; set; }
        public long? P95 { get; set; }
        public long Payments { get; set; }
    }
}

/// <summary>What a day was like, by China's calendar; requests of customs count on the day on which they came.</summary>
/// <param name="Day">Which.</param>
/// <param name="Accepted">Accepted by customs.</param>
/// <param name="Refused">Refused by customs, or their session was used.</param>
/// <param name="ForPerson">A person has to act.</param>
/// <param name="Unfinished">Without an end.</param>
/// <param name="P95">From receipt to acceptance: 95 of 100 waited at most so long, to 50 ms below a second, 0.5 s below ten, 5 s above; <see langword="null"/> where none was accepted.</param>
/// <param name="Payments">Payments that came into the archive.</param>
internal sealed record DaySum(DateOnly Day, long Accepted, long Refused, long ForPerson, long Unfinished, TimeSpan? P95, long Payments)
{
    /// <summary>Requests of customs on that day.</summary>
    public long Requests => Accepted + Refused + ForPerson + Unfinished;
}
