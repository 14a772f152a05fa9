using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds requests by state, orders, session, merchant, payment company, customs' code and time of receipt.</summary>
internal sealed partial class RequestTable
{
    /// <summary>Reads a page of what fits.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="page">Which part of it, in which order.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<CustomsRequest>> SearchAsync(RequestSearch search, RequestPage page, CancellationToken cancellationToken)
    {
        var ascending = page.Ascending != page.Backwards;
        var rows = new List<CustomsRequest>();
        var stretches = Stretches(search, page, ascending).ToList();
        var first = page.From is { } from ? Math.Max(0, stretches.FindIndex(stretch => stretch.Search.States.Contains(from.State))) : 0;
        for (var at = first; at < stretches.Count && rows.Count < page.Limit; at++)
        {
            rows.AddRange(await StretchAsync(stretches[at], at == first ? page.From : null, page.Limit - rows.Count, cancellationToken));
        }

        if (page.Backwards)
        {
            rows.Reverse();
        }

        return rows;
    }

    /// <summary>Counts what fits.</summary>
    public Task<long> CountAsync(RequestSearch search, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customs_request WHERE 1 = 1{search.Condition(database.Dialect)}", search.Values(database.Dialect)), cancellationToken);

    /// <summary>Counts what fits, up to so many.</summary>
    public Task<long> CountAsync(RequestSearch search, int limit, CancellationToken cancellationToken)
    {
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        return database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customs_request WHERE 1 = 1{Newest(search)}", values), cancellationToken);
    }

    /// <summary>Counts what fits, whatever its state, in each state; every state is there.</summary>
    public async Task<IReadOnlyDictionary<RequestState, long>> CountByStateAsync(RequestSearch search, CancellationToken cancellationToken)
    {
        if (search.Ignored is not false)
        {
            var anyState = search with { States = [] };
            return await StateCounts.ReadAsync<RequestState>(database, "customs_request", anyState.Condition(database.Dialect), anyState.Values(database.Dialect), cancellationToken);
        }

        // The few that are ignored have an index of their own: without them is all of them less those.
        var all = await CountByStateAsync(search with { Ignored = null }, cancellationToken);
        var ignored = await CountByStateAsync(search with { Ignored = true }, cancellationToken);
        return all.ToDictionary(state => state.Key, state => state.Value - ignored[state.Key]);
    }

    /// <summary>The same, but counts no more than so many of all states together, newest first: for a filter that may find a million rows one by one.</summary>
    public Task<IReadOnlyDictionary<RequestState, long>> CountByStateAsync(RequestSearch search, int limit, CancellationToken cancellationToken)
    {
        var anyState = search with { States = [] };
        var values = anyState.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        return StateCounts.ReadAsync<RequestState>(database, "customs_request", Newest(anyState), values, cancellationToken);
    }

    /// <summary>A condition: among the newest <c>@Limit</c> that fit.</summary>
    private string Newest(RequestSearch search) =>
        $" AND id IN ({database.Dialect.Limited($"SELECT id FROM customs_request WHERE 1 = 1{search.Condition(database.Dialect)} ORDER BY received_at DESC")})";

    /// <summary>A list is read in stretches that come one after another, each in the order of an index.</summary>
    private static IEnumerable<Stretch> Stretches(RequestSearch search, RequestPage page, bool ascending)
    {
        IEnumerable<RequestState> states = search.States.Count > 0 ? search.States : Enum.GetValues<RequestState>();
        return page.Sort switch
        {
            RequestSort.State => (ascending ? states.Order() : states.OrderDescending()).Select(state => new Stretch(search with { States = [state] }, "received_at", Ascending: page.Backwards)),
            RequestSort.Elapsed => Elapsed().OrderBy(stretch => stretch.Column == "elapsed" != ascending),
            _ => [new Stretch(search, "received_at", ascending)],
        };

        // What waits longest was received first.
        IEnumerable<Stretch> Elapsed() =>
        [
            .. Only(states.Where(state => !RequestStates.IsFinished(state)), "received_at", !ascending),
            .. Only(states.Where(RequestStates.IsFinished), "elapsed", ascending),
        ];

        IEnumerable<Stretch> Only(IEnumerable<RequestState> some, string column, bool isAscending)
        {
            RequestState[] chosen = [.. some];
            return chosen.Length == 0 ? [] : [new Stretch(search with { States = chosen }, column, isAscending)];
        }
    }

    private Task<IReadOnlyList<CustomsRequest>> StretchAsync(Stretch stretch, RequestPlace? from, int limit, CancellationToken cancellationToken)
    {
        var (column, direction) = (stretch.Column, stretch.Ascending ? "ASC" : "DESC");
        var values = stretch.Search.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        var goesOn = "";
        if (from is not null)
        {
            goesOn = ListPlace.Behind(column, "id", stretch.Ascending);
            values.AddDynamicParams(new { from.Key, from.Id });
        }

        return ListAsync(
            database.Dialect.Limited($"{SelectRequest} WHERE {column} IS NOT NULL{stretch.Search.Condition(database.Dialect)}{goesOn} ORDER BY {column} {direction}, id {direction}"), values, cancellationToken);
    }

    /// <param name="Search">What stands in it.</param>
    /// <param name="Column">By what it is sorted.</param>
    /// <param name="Ascending">The least first.</param>
    private sealed record Stretch(RequestSearch Search, string Column, bool Ascending);
}

/// <summary>Which requests are looked for; what is not given does not matter.</summary>
internal sealed record RequestSearch
{
    /// <summary>The ignored ones are so few that nothing else is looked up among many.</summary>
    private const string Few = "ignored_at";

    /// <summary>One of these states; empty for all.</summary>
    public IReadOnlyCollection<RequestState> States { get; init; } = [];

    /// <summary>One of these rows; empty for all. At most 1,000.</summary>
    public IReadOnlyCollection<long> Ids { get; init; } = [];

    /// <summary>One of these orders; empty for all. At most 500: engines limit the values of a statement.</summary>
    public IReadOnlyCollection<string> OrderNos { get; init; } = [];

    /// <summary>Customs' sessionID.</summary>
    public string? SessionId { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public string? Merchant { get; init; }

    /// <summary>支付企业 by its customs code.</summary>
    public string? PayCode { get; init; }

    /// <summary>Code of customs' last reply.</summary>
    public string? CustomsCode { get; init; }

    /// <summary>Received then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those that are ignored, or only those that are not.</summary>
    public bool? Ignored { get; init; }

    /// <summary>Whether it tells requests apart by their state and by whether they are ignored at most.</summary>
    public bool IsWhole => (Ids.Count, OrderNos.Count, SessionId, Merchant, PayCode, CustomsCode, From, Until) is (0, 0, null, null, null, null, null, null);

    /// <summary>Follows a WHERE.</summary>
    public string Condition(SqlDialect dialect) => string.Concat(
        States.Count == 0 ? "" : States.Count == 1 ? $" AND {Filtered("state")} = @State" : $" AND {dialect.In(Filtered("state"), "@States")}",
        Ids.Count > 0 ? $" AND {dialect.In("id", "@Ids")}" : "",
        OrderNos.Count > 0 ? $" AND {dialect.In("order_no", "@OrderNos")}" : "",
        SessionId is null ? "" : " AND session_id = @SessionId",
        Merchant is null ? "" : $" AND {Filtered("merchant")} = @Merchant",
        PayCode is null ? "" : $" AND {Filtered("pay_code")} = @PayCode",
        CustomsCode is null ? "" : $" AND {Filtered("customs_code")} = @CustomsCode",
        From is null ? "" : $" AND {Received} >= @From",
        Until is null ? "" : $" AND {Received} < @Until",
        Ignored is null ? "" : $" AND ignored_at IS {(Ignored.Value ? "NOT " : "")}NULL");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values(SqlDialect dialect) => SearchValues.Of(
        ("State", States.Count == 1, States.Select(RequestStates.Word).FirstOrDefault()),
        ("States", States.Count > 1, dialect.List(States.Select(RequestStates.Word))),
        ("Ids", Ids.Count > 0, dialect.List(Ids)),
        ("OrderNos", OrderNos.Count > 0, dialect.List(OrderNos)),
        ("SessionId", SessionId is not null, SessionId),
        ("Merchant", Merchant is not null, Merchant),
        ("PayCode", PayCode is not null, PayCode),
        ("CustomsCode", CustomsCode is not null, CustomsCode),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));

    /// <summary>
    /// Engines that keep no figures of a table (SQLite) would take any index that fits. The one that finds the fewest rows leads: nearly all requests are accepted in the end,
    /// are of a few merchants and of a few payment companies. The other conditions are written so that no index fits them.
    /// </summary>
    private string Filtered(string column) => column == Leading ? column : $"COALESCE({column}, '')";

    private string Received => Leading == Few ? "COALESCE(received_at, 0)" : "received_at";

    private string Leading =>
        Ids.Count > 0 ? "id"
        : SessionId is not null ? "session_id"
        : OrderNos.Count > 0 ? "order_no"
        : Ignored == true ? Few
        : States.Count > 0 && !States.Contains(RequestState.Accepted) ? "state"
        : CustomsCode is not null ? "customs_code"
        : PayCode is not null ? "pay_code"
        : Merchant is not null ? "merchant"
        : States.Count == 1 ? "state"
        : "received_at";
}
