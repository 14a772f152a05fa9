using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds orders at the bridge by state, number, merchant, flag and time of payment in the shop.</summary>
internal sealed partial class BridgeTable
{
    /// <summary>Reads what fits, newest first.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="page">Which part of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<BridgeOrder>> SearchAsync(BridgeSearch search, ListPage page, CancellationToken cancellationToken)
    {
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { page.Edge, page.Limit });
        return page.NewestFirst(await ListAsync(
            database.Dialect.Limited($"{SelectOrder} WHERE 1 = 1{search.Condition(database.Dialect)}{page.Ordered("id")}"), values, cancellationToken));
    }

    /// <summary>The ids of what a search finds, oldest first.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(BridgeSearch search, int limit, CancellationToken cancellationToken)
    {
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        return database.ReadAsync<IReadOnlyList<long>>(
            async connection => (await connection.QueryAsync<long>(database.Dialect.Limited($"SELECT id FROM bridge_order WHERE 1 = 1{search.Condition(database.Dialect)} ORDER BY id"), values)).AsList(),
            cancellationToken);
    }

    /// <summary>Which of some orders are paid by a payment in the archive while the bridge does not say that they are.</summary>
    public Task<IReadOnlySet<long>> PaidHereAloneAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlySet<long>>(
        async connection => (await connection.QueryAsync<long>(
            $"SELECT id FROM bridge_order WHERE {database.Dialect.In("id", "@ids")} AND {BridgeSearch.PaidHereAlone(database.Dialect)}",
            new { ids = database.Dialect.List(ids), NotPaid = BridgeSearch.NotPaid(database.Dialect) })).ToHashSet(),
        cancellationToken);

    /// <summary>The orders of a person, newest first: found by the keyed hash of 报关人证件号, which is stored nowhere but in the encrypted content.</summary>
    public Task<IReadOnlyList<(string Merchant, string OrderNo)>> OrdersOfReceiverAsync(string receiverCardNo, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(string, string)>>(
            async connection => (await connection.QueryAsync<(string, string)>(
                database.Dialect.Limited($"SELECT merchant, order_no FROM bridge_order WHERE {database.Dialect.In("receiver_hash", "@hashes")} ORDER BY id DESC"),
                new { hashes = database.Dialect.List(database.Content.Fingerprints(Receiver(receiverCardNo)).Select(Convert.ToHexStringLower)), Limit = limit })).AsList(),
            cancellationToken);

    /// <summary>Counts what fits, whatever its state, in each state; every state is there.</summary>
    public Task<IReadOnlyDictionary<BridgeState, long>> CountByStateAsync(BridgeSearch search, CancellationToken cancellationToken)
    {
        var anyState = search with { States = [] };
        return StateCounts.ReadAsync<BridgeState>(database, "bridge_order", anyState.Condition(database.Dialect), anyState.Values(database.Dialect), cancellationToken);
    }

    /// <summary>The orders paid in the shop since a time that are not in the archive by the bridge or the ERP, newest first.</summary>
    public Task<IReadOnlyList<UnarchivedPush>> UnarchivedAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<UnarchivedPush>>(
        async connection => [.. (await connection.QueryAsync<(string Merchant, string OrderNo, string State, string Reason, long PayAt)>(
            "SELECT merchant, order_no, state, reason, pay_at FROM bridge_order WHERE pay_at >= @since AND archived IS NULL ORDER BY pay_at DESC", new { since = since.Stored() }))
            .Select(row => new UnarchivedPush(row.Merchant, row.OrderNo, EnumWords<BridgeState>.Parse(row.State), row.Reason, StoredTime.Read(row.PayAt)))],
        cancellationToken);
}

/// <summary>Which orders at the bridge are looked for; what is not given does not matter.</summary>
internal sealed record BridgeSearch
{
    /// <summary>One of these states; empty for all.</summary>
    public IReadOnlyCollection<BridgeState> States { get; init; } = [];

    /// <summary>One of these orders; empty for all. At most 500.</summary>
    public IReadOnlyCollection<string> OrderNos { get; init; } = [];

    /// <summary>The merchant's name in the settings.</summary>
    public string? Merchant { get; init; }

    /// <summary>A flag that is set.</summary>
    public string? Flag { get; init; }

    /// <summary>The archive has a payment of the order, and the bridge does not say that it is paid.</summary>
    public bool PaidHereOnly { get; init; }

    /// <summary>Paid in the shop then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Paid in the shop before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A condition: a payment of the order counts in the archive, and the order is not paid and declared at the bridge.</summary>
    internal static string PaidHereAlone(SqlDialect dialect) => $"""
        {dialect.In("state", "@NotPaid")}
          AND EXISTS (SELECT 1 FROM payment_order o JOIN payment p ON p.id = o.payment_id AND p.version = o.version WHERE o.order_no = bridge_order.order_no AND p.merchant = bridge_order.merchant)
        """;

    /// <summary>The value in <see cref="PaidHereAlone"/>: named one by one, so that the index of states is used.</summary>
    internal static SqlMapper.ICustomQueryParameter NotPaid(SqlDialect dialect) => dialect.List(Enum.GetValues<BridgeState>().Where(state => state != BridgeState.Done).Select(EnumWords<BridgeState>.Word));

    /// <summary>Follows a WHERE.</summary>
    public string Condition(SqlDialect dialect) => string.Concat(
        States.Count > 0 ? $" AND {dialect.In("state", "@States")}" : "",
        OrderNos.Count > 0 ? $" AND {dialect.In("order_no", "@OrderNos")}" : "",
        Merchant is null ? "" : " AND merchant = @Merchant",
        Flag is null ? "" : " AND flags LIKE @Flag",
        PaidHereOnly ? $" AND {PaidHereAlone(dialect)}" : "",
        From is null ? "" : " AND pay_at >= @From",
        Until is null ? "" : " AND pay_at < @Until");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values(SqlDialect dialect) => SearchValues.Of(
        ("States", States.Count > 0, dialect.List(States.Select(EnumWords<BridgeState>.Word))),
        ("OrderNos", OrderNos.Count > 0, dialect.List(OrderNos)),
        ("Merchant", Merchant is not null, Merchant),
        ("Flag", Flag is not null, $"%,{Flag},%"),
        ("NotPaid", PaidHereOnly, NotPaid(dialect)),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));
}

/// <summary>An order at the bridge that customs could not be asked about yet.</summary>
internal sealed record UnarchivedPush(string Merchant, string OrderNo, BridgeState State, string Reason, DateTimeOffset PaidAt);
