using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds requests by state, orders, session, merchant and time of receipt.</summary>
internal sealed partial class RequestTable
{
    /// <summary>Reads what fits, newest first.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="page">Which part of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<CustomsRequest>> SearchAsync(RequestSearch search, ListPage page, CancellationToken cancellationToken)
    {
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { page.Edge, page.Limit });
        return page.NewestFirst(await ListAsync(
            database.Dialect.Limited($"{SelectRequest} WHERE 1 = 1{search.Condition(database.Dialect)}{page.Ordered("id")}"), values, cancellationToken));
    }

    /// <summary>Counts what fits.</summary>
    public Task<long> CountAsync(RequestSearch search, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customs_request WHERE 1 = 1{search.Condition(database.Dialect)}", search.Values(database.Dialect)), cancellationToken);

    /// <summary>Counts what fits, whatever its state, in each state; every state is there.</summary>
    public Task<IReadOnlyDictionary<RequestState, long>> CountByStateAsync(RequestSearch search, CancellationToken cancellationToken)
    {
        var anyState = search with { States = [] };
        return StateCounts.ReadAsync<RequestState>(database, "customs_request", anyState.Condition(database.Dialect), anyState.Values(database.Dialect), cancellationToken);
    }
}

/// <summary>Which requests are looked for; what is not given does not matter.</summary>
internal sealed record RequestSearch
{
    /// <summary>One of these states; empty for all.</summary>
    public IReadOnlyCollection<RequestState> States { get; init; } = [];

    /// <summary>One of these orders; empty for all. At most 500: engines limit the values of a statement.</summary>
    public IReadOnlyCollection<string> OrderNos { get; init; } = [];

    /// <summary>Customs' sessionID.</summary>
    public string? SessionId { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public string? Merchant { get; init; }

    /// <summary>Received then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Follows a WHERE.</summary>
    public string Condition(SqlDialect dialect) => string.Concat(
        States.Count > 0 ? $" AND {dialect.In("state", "@States")}" : "",
        OrderNos.Count > 0 ? $" AND {dialect.In("order_no", "@OrderNos")}" : "",
        SessionId is null ? "" : " AND session_id = @SessionId",
        Merchant is null ? "" : " AND merchant = @Merchant",
        From is null ? "" : " AND received_at >= @From",
        Until is null ? "" : " AND received_at < @Until");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values(SqlDialect dialect) => SearchValues.Of(
        ("States", States.Count > 0, dialect.List(States.Select(RequestStates.Word))),
        ("OrderNos", OrderNos.Count > 0, dialect.List(OrderNos)),
        ("SessionId", SessionId is not null, SessionId),
        ("Merchant", Merchant is not null, Merchant),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));
}
