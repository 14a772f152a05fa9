using Dapper;
using Erp.Customs.Contracts.Capture;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of the reconciliation: what is incomplete, what was found before, and the runs.</summary>
internal sealed class CompletenessTable(CustomsDatabase database)
{
    /// <summary>Order numbers, or findings, in one statement. 500.</summary>
    private const int Chunk = 500;

    private const string SelectFinding = """
        SELECT id AS Id, kind AS Kind, reference AS Reference, merchant AS Merchant, order_no AS OrderNo, since AS Since, found_at AS FoundAt FROM completeness_finding
        """;

    /// <summary>An exchange <c>a</c> that was begun before a time and never ended, and was not followed by one that did.</summary>
    private const string EndlessUploads = """
        SELECT a.id AS Id, r.merchant AS Merchant, r.order_no AS OrderNo, a.started_at AS Since FROM upload_attempt a JOIN customs_request r ON r.id = a.request_id
        WHERE a.ended_at IS NULL AND a.started_at < @before
          AND NOT EXISTS (SELECT 1 FROM upload_attempt l WHERE l.request_id = a.request_id AND l.number > a.number AND l.ended_at IS NOT NULL)
        """;

    private const string EndlessCalls = """
        SELECT a.id AS Id, b.merchant AS Merchant, b.order_no AS OrderNo, a.started_at AS Since FROM bridge_exchange a JOIN bridge_order b ON b.id = a.order_id
        WHERE a.ended_at IS NULL AND a.started_at < @before
          AND NOT EXISTS (SELECT 1 FROM bridge_exchange l WHERE l.order_id = a.order_id AND l.kind = a.kind AND l.id > a.id AND l.ended_at IS NOT NULL)
        """;

    /// <summary>A captured request that nothing answers, or an answer that no request stands before; what a payment has become is the payment's.</summary>
    private const string HalfCaptured = """
        SELECT c.id AS Id, c.merchant AS Merchant, c.trade_no AS OrderNo, c.captured_at AS Since FROM captured_message c
        WHERE c.payment_id IS NULL AND c.captured_at < @before AND (
          (c.kind = @request AND NOT EXISTS (SELECT 1 FROM captured_message o WHERE o.merchant = c.merchant AND o.trade_no = c.trade_no AND o.kind IN (@response, @notify)))
          OR (c.kind IN (@response, @notify) AND NOT EXISTS (SELECT 1 FROM captured_message o WHERE o.merchant = c.merchant AND o.trade_no = c.trade_no AND o.kind = @request)))
        """;

    private readonly string _insertRun = database.Dialect.InsertReturningId("completeness_run", "started_at", "covers_from", "covers_to", "problem", "fresh", "standing");

    /// <summary>Those of the orders that no payment of their merchant has in the version that counts.</summary>
    public Task<IReadOnlyList<Incomplete>> WithoutPaymentAsync(IReadOnlyCollection<Incomplete> orders, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Incomplete>>(
        async connection =>
        {
            var without = new List<Incomplete>();
            foreach (var chunk in orders.Chunk(Chunk))
            {
                var paid = (await connection.QueryAsync<IncompleteRow>(
                    $"""
                    SELECT p.merchant AS Merchant, o.order_no AS OrderNo FROM payment_order o JOIN payment p ON p.id = o.payment_id AND p.version = o.version
                    WHERE {database.Dialect.In("o.order_no", "@numbers")}
                    """,
                    new { numbers = database.Dialect.List(chunk.Select(order => order.OrderNo!)) })).Select(row => (row.Merchant, row.OrderNo)).ToHashSet();
                without.AddRange(chunk.Where(order => !paid.Contains((order.Merchant, order.OrderNo))));
            }

            return without;
        },
        cancellationToken);

    /// <summary>Customs' requests whose deadline is over and which customs have neither taken nor refused.</summary>
    public Task<IReadOnlyList<Incomplete>> RequestsAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync(
        CompletenessKind.RequestWithoutOutcome,
        "request",
        $"""
        SELECT id AS Id, merchant AS Merchant, order_no AS OrderNo, deadline AS Since FROM customs_request
        WHERE deadline < @now AND purpose = @customs AND {database.Dialect.In("state", "@open")}
        """,
        new
        {
            now = now.Stored(),
            customs = EnumWords<RequestPurpose>.Word(RequestPurpose.Customs),
            open = database.Dialect.List(Enum.GetValues<RequestState>().Except([RequestState.Accepted, RequestState.Rejected, RequestState.SessionUsed]).Select(RequestStates.Word)),
        },
        cancellationToken);

    /// <summary>What was begun before a time and has no counterpart: uploads and calls of the bridge whose process died, captured messages of which there is one half.</summary>
    public async Task<IReadOnlyList<Incomplete>> ExchangesAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var begun = new { before = before.Stored() };
        var halves = new
        {
            before = before.Stored(),
            request = EnumWords<CapturedKind>.Word(CapturedKind.Request),
            response = EnumWords<CapturedKind>.Word(CapturedKind.Response),
            notify = EnumWords<CapturedKind>.Word(CapturedKind.Notify),
        };
        return
        [
            .. await ReadAsync(CompletenessKind.ExchangeWithoutCounterpart, "upload", EndlessUploads, begun, cancellationToken),
            .. await ReadAsync(CompletenessKind.ExchangeWithoutCounterpart, "bridge", EndlessCalls, begun, cancellationToken),
            .. await ReadAsync(CompletenessKind.ExchangeWithoutCounterpart, "captured", HalfCaptured, halves, cancellationToken),
        ];
    }

    /// <summary>The findings of a kind that are not settled, the oldest first; of all kinds without one.</summary>
    public Task<IReadOnlyList<CompletenessFinding>> StandingAsync(CompletenessKind? kind, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CompletenessFinding>>(
        async connection => [.. (await connection.QueryAsync<IncompleteRow>(
            database.Dialect.Limited($"{SelectFinding} WHERE settled_at IS NULL{(kind is null ? "" : " AND kind = @kind")} ORDER BY since, id"),
            new { kind = kind is { } one ? EnumWords<CompletenessKind>.Word(one) : null, Limit = limit })).Select(row => new CompletenessFinding(row.Id, row.Read(), StoredTime.Read(row.FoundAt)))],
        cancellationToken);

    /// <summary>Writes down what is incomplete now: what was not known is added, what no longer is incomplete is settled, and the run is ended.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="all">Everything that is incomplete.</param>
    /// <param name="orders">How many orders the ERP named; <see langword="null"/> when it could not be asked.</param>
    /// <param name="problem">Why not.</param>
    /// <param name="now">By the clock.</param>
    /// <param name="telling">Given how many of each kind were not known, what tells people of it in the same transaction: once for each.</param>
    public Task SaveAsync(
        long runId, IReadOnlyCollection<Incomplete> all, long? orders, string problem, DateTimeOffset now, Func<IReadOnlyDictionary<CompletenessKind, int>, AlsoWrite> telling) => database.WriteAsync(async (connection, transaction) =>
    {
        var known = (await connection.QueryAsync<IncompleteRow>(SelectFinding, transaction: transaction)).ToDictionary(row => (row.Kind, row.Reference), row => row.Id);
        var standing = all.Select(one => (EnumWords<CompletenessKind>.Word(one.Kind), one.Reference)).ToHashSet();
        var fresh = all.Where(one => !known.ContainsKey((EnumWords<CompletenessKind>.Word(one.Kind), one.Reference))).ToList();
        foreach (var one in fresh)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO completeness_finding (kind, reference, merchant, order_no, since, found_at) VALUES (@kind, @reference, @merchant, @orderNo, @since, @now)
                """,
                new { kind = EnumWords<CompletenessKind>.Word(one.Kind), reference = one.Reference, merchant = one.Merchant, orderNo = one.OrderNo, since = one.Since.Stored(), now = now.Stored() },
                transaction);
        }

        foreach (var chunk in known.Where(one => !standing.Contains(one.Key)).Select(one => one.Value).Chunk(Chunk))
        {
            await connection.ExecuteAsync(
                $"UPDATE completeness_finding SET settled_at = @now WHERE settled_at IS NULL AND {database.Dialect.In("id", "@ids")}", new { now = now.Stored(), ids = database.Dialect.List(chunk) }, transaction);
        }

        await connection.ExecuteAsync(
            "UPDATE completeness_run SET ended_at = @now, orders = @orders, problem = @problem, fresh = @fresh, standing = @standing WHERE id = @runId",
            new { runId, now = now.Stored(), orders, problem, fresh = (long)fresh.Count, standing = (long)all.Count },
            transaction);
        if (fresh.Count > 0)
        {
            await telling(fresh.CountBy(one => one.Kind).ToDictionary())(connection, transaction);
        }

        return true;
    });

    /// <summary>Writes down that a run has begun.</summary>
    /// <returns>Its id.</returns>
    public Task<long> BeginAsync(DateTimeOffset now, DateTimeOffset from, DateTimeOffset until) => database.WriteAsync(async (connection, transaction) => (long)(await database.RunAsync(
        connection, transaction, _insertRun,
        ("@started_at", now.Stored()), ("@covers_from", from.Stored()), ("@covers_to", until.Stored()), ("@problem", ""), ("@fresh", 0L), ("@standing", 0L)))!);

    /// <summary>Up to when the ERP's orders were asked for by the last run that could; <see langword="null"/> when none was.</summary>
    public Task<DateTimeOffset?> CoveredAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => StoredTime.Read(await connection.ExecuteScalarAsync<long?>("SELECT MAX(covers_to) FROM completeness_run WHERE orders IS NOT NULL")), cancellationToken);

    /// <summary>The newest runs.</summary>
    public Task<IReadOnlyList<CompletenessRun>> RunsAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CompletenessRun>>(
        async connection => [.. (await connection.QueryAsync<CompletenessRunRow>(
            database.Dialect.Limited("""
                SELECT id AS Id, started_at AS StartedAt, ended_at AS EndedAt, covers_from AS CoversFrom, covers_to AS CoversTo, orders AS Orders, problem AS Problem, fresh AS Fresh, standing AS Standing
                FROM completeness_run ORDER BY id DESC
                """),
            new { Limit = limit })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>Erases findings and runs that are as old as records past their term.</summary>
    public Task EraseAsync(DateTimeOffset cutoff) => database.WriteAsync(async (connection, transaction) =>
    {
        await connection.ExecuteAsync("DELETE FROM completeness_finding WHERE found_at < @cutoff", new { cutoff = cutoff.Stored() }, transaction);
        return await connection.ExecuteAsync("DELETE FROM completeness_run WHERE started_at < @cutoff", new { cutoff = cutoff.Stored() }, transaction);
    });

    private Task<IReadOnlyList<Incomplete>> ReadAsync(CompletenessKind kind, string record, string sql, object values, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Incomplete>>(
            async connection => [.. (await connection.QueryAsync<IncompleteRow>(sql, values)).Select(
                row => new Incomplete(kind, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{record} {row.Id}"), row.Merchant, row.OrderNo, StoredTime.Read(row.Since)))],
            cancellationToken);
}
