using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Runs of retention: what is written down of them while they run, and read afterwards.</summary>
internal sealed partial class RetentionTable
{
    /// <summary>The newest runs.</summary>
    public Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RetentionRun>>(
        async connection => [.. (await connection.QueryAsync<RetentionRunRow>(
            database.Dialect.Limited("""
                SELECT id AS Id, started_at AS StartedAt, ended_at AS EndedAt, dry_run AS DryRun, cutoff AS Cutoff, payments AS Payments, requests AS Requests, held AS Held, captures AS Captures,
                  oldest_kept AS OldestKept, total AS Total, on_hold AS OnHold, pushes AS Pushes, amounts AS Amounts, doubt AS Doubt, confirmed_by AS ConfirmedBy, traces AS Traces
                FROM retention_run ORDER BY id DESC
                """),
            new { Limit = limit })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>When the last run began whose clock was not in doubt; <see langword="null"/> when there was none.</summary>
    public Task<DateTimeOffset?> LastBelievedAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => StoredTime.Read(await connection.ExecuteScalarAsync<long?>("SELECT MAX(started_at) FROM retention_run WHERE doubt = ''")), cancellationToken);

    /// <summary>How many payments were traded before the cutoff.</summary>
    public static Task<long> CountOldAsync(DbConnection connection, DbTransaction transaction, DateTimeOffset cutoff) =>
        connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM payment WHERE last_trading_at < @cutoff", new { cutoff = cutoff.Stored() }, transaction);

    /// <summary>Writes down that a run has begun.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> BeginRunAsync(
        DbConnection connection, DbTransaction transaction, DateTimeOffset startedAt, bool dryRun, DateTimeOffset cutoff, long total, string doubt, string confirmedBy) =>
        (long)(await database.RunAsync(
            connection, transaction, _insertRun,
            ("@started_at", startedAt.Stored()), ("@dry_run", dryRun ? 1 : 0), ("@cutoff", cutoff.Stored()), ("@payments", 0L), ("@requests", 0L), ("@held", 0L), ("@total", total),
            ("@doubt", doubt), ("@confirmed_by", confirmedBy)))!;

    /// <summary>Adds a batch to a run, in the batch's own transaction.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="transaction">The batch's.</param>
    /// <param name="runId">The run.</param>
    /// <param name="tally">What the batch took and left.</param>
    /// <param name="amounts">Of all payments of the run until now, by currency.</param>
    public static Task AddToRunAsync(DbConnection connection, DbTransaction transaction, long runId, RetentionTally tally, string amounts) =>
        connection.ExecuteAsync(
            """
            UPDATE retention_run SET payments = payments + @Payments, requests = requests + @Requests, held = held + @Held, on_hold = on_hold + @OnHold, pushes = pushes + @Pushes, amounts = @amounts
            WHERE id = @runId
            """,
            new { runId, tally.Payments, tally.Requests, tally.Held, tally.OnHold, tally.Pushes, amounts },
            transaction);

    /// <summary>Writes down that a run has ended.</summary>
    public static Task EndRunAsync(DbConnection connection, DbTransaction transaction, long runId, DateTimeOffset endedAt, DateTimeOffset? oldestKept, bool traces) =>
        connection.ExecuteAsync(
            "UPDATE retention_run SET ended_at = @endedAt, oldest_kept = @oldestKept, traces = @traces WHERE id = @runId",
            new { runId, endedAt = endedAt.Stored(), oldestKept = oldestKept.Stored(), traces = traces ? 1 : 0 },
            transaction);
}

/// <summary>What a batch of retention took and left.</summary>
/// <param name="Payments">Payments that went.</param>
/// <param name="Requests">Requests that went.</param>
/// <param name="Held">Payments that stay though they were traded before the cutoff.</param>
/// <param name="OnHold">Those of them that a legal hold keeps.</param>
/// <param name="Pushes">Orders at the bridge that went.</param>
internal sealed record RetentionTally(int Payments = 0, int Requests = 0, int Held = 0, int OnHold = 0, int Pushes = 0)
{
    public static RetentionTally operator +(RetentionTally left, RetentionTally right) => new(
        left.Payments + right.Payments, left.Requests + right.Requests, left.Held + right.Held, left.OnHold + right.OnHold, left.Pushes + right.Pushes);
}

/// <summary>A run of retention.</summary>
/// <param name="Id">Its number.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs, or when it was broken off.</param>
/// <param name="DryRun">It counted and erased nothing.</param>
/// <param name="Cutoff">What was completed before it was past its term.</param>
/// <param name="Payments">Payments erased.</param>
/// <param name="Requests">Requests erased.</param>
/// <param name="Held">Payments traded before the cutoff that stay: their order ended later, a request, or a legal hold.</param>
/// <param name="Captures">Captured messages erased that no payment had.</param>
internal sealed record RetentionRun(long Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool DryRun, DateTimeOffset Cutoff, long Payments, long Requests, long Held, long Captures)
{
    /// <summary>Payments traded before the cutoff when it began: what it has to look at.</summary>
    public long Total { get; init; }

    /// <summary>Of the payments that stay, those under a legal hold.</summary>
    public long OnHold { get; init; }

    /// <summary>Orders at the bridge erased.</summary>
    public long Pushes { get; init; }

    /// <summary>Amounts of the payments erased, by currency, as <c>142=31000.5 502=20</c>.</summary>
    public string Amounts { get; init; } = "";

    /// <summary>Why the clock was not believed and nothing erased, <c>中文 | English</c>; empty otherwise.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>Who said that the clock is right; mostly nobody.</summary>
    public string ConfirmedBy { get; init; } = "";

    /// <summary>Trading time of the oldest payment left.</summary>
    public DateTimeOffset? OldestKept { get; init; }

    /// <summary>Erased bytes may be left in the database's log: somebody read without a pause.</summary>
    public bool Traces { get; init; }
}

/// <summary>A row of <c>retention_run</c>.</summary>
internal sealed class RetentionRunRow
{
    public long Id { get; set; }
    public long StartedAt { get; set; }
    public long? EndedAt { get; set; }
    public int DryRun { get; set; }
    public long Cutoff { get; set; }
    public long Payments { get; set; }
    public long Requests { get; set; }
    public long Held { get; set; }
    public long Captures { get; set; }
    public long? OldestKept { get; set; }
    public long Total { get; set; }
    public long OnHold { get; set; }
    public long Pushes { get; set; }
    public string Amounts { get; set; } = "";
    public string Doubt { get; set; } = "";
    public string ConfirmedBy { get; set; } = "";
    public long? Traces { get; set; }

    public RetentionRun Read() => new(Id, StoredTime.Read(StartedAt), StoredTime.Read(EndedAt), DryRun != 0, StoredTime.Read(Cutoff), Payments, Requests, Held, Captures)
    {
        Total = Total,
        OnHold = OnHold,
        Pushes = Pushes,
        Amounts = Amounts,
        Doubt = Doubt,
        ConfirmedBy = ConfirmedBy,
        OldestKept = StoredTime.Read(OldestKept),
        Traces = Traces == 1,
    };
}
