using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds requests by state, order and time of receipt.</summary>
internal sealed partial class RequestTable
{
    /// <summary>Reads what fits, newest first.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="before">Only ids below it; to go on where a page ended.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<CustomsRequest>> SearchAsync(RequestSearch search, long before, int limit, CancellationToken cancellationToken)
    {
        var values = search.Values();
        values.AddDynamicParams(new { Before = before, Limit = limit });
        return ListAsync(database.Dialect.Limited($"{SelectRequest} WHERE id < @Before{search.Condition(database.Dialect)} ORDER BY id DESC"), values, cancellationToken);
    }

    /// <summary>Counts what fits.</summary>
    public Task<long> CountAsync(RequestSearch search, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customs_request WHERE 1 = 1{search.Condition(database.Dialect)}", search.Values()), cancellationToken);
}

/// <summary>Which requests are looked for; what is not given does not matter.</summary>
/// <param name="States">One of these states; empty for all.</param>
/// <param name="OrderNo">The order asked for.</param>
/// <param name="From">Received then or later.</param>
/// <param name="Until">Received before then.</param>
internal sealed record RequestSearch(IReadOnlyCollection<RequestState> States, string? OrderNo, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>Follows a WHERE.</summary>
    public string Condition(SqlDialect dialect) => string.Concat(
        States.Count > 0 ? $" AND {dialect.In("state", "@States")}" : "",
        OrderNo is null ? "" : " AND order_no = @OrderNo",
        From is null ? "" : " AND received_at >= @From",
        Until is null ? "" : " AND received_at < @Until");

    /// <summary>The values in <see cref="Condition(SqlDialect)"/>.</summary>
    public DynamicParameters Values()
    {
        var values = new DynamicParameters(new { OrderNo, From = From.Stored(), Until = Until.Stored() });
        values.Add("States", States.Select(RequestStates.Word).ToArray());
        return values;
    }
}
