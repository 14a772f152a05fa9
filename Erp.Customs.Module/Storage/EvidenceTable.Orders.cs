using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The evidence of one order.</summary>
internal sealed partial class EvidenceTable
{
    /// <summary>The merchants of which anything is kept about an order of this number.</summary>
    public Task<IReadOnlyList<string>> MerchantsOfAsync(string orderNo, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<string>>(
        async connection => (await connection.QueryAsync<string>(
            """
            SELECT p.merchant FROM payment_order o JOIN payment p ON p.id = o.payment_id WHERE o.order_no = @orderNo
            UNION SELECT merchant FROM bridge_order WHERE order_no = @orderNo
            UNION SELECT merchant FROM customs_request WHERE order_no = @orderNo AND merchant IS NOT NULL
            """,
            new { orderNo })).AsList(),
        cancellationToken);

    /// <summary>The seals of everything that is kept about a merchant's order, in order: its payments with all their versions and captured messages, its way over the bridge, customs' requests and what they were answered.</summary>
    /// <param name="orderNo">The order.</param>
    /// <param name="merchant">The merchant's name in the settings.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<EvidenceRow>> OfOrderAsync(string orderNo, string merchant, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<EvidenceRow>>(
        async connection =>
        {
            var values = new { orderNo, merchant };
            var numbers = new SortedSet<long>();
            foreach (var (kind, ids) in new[]
            {
                (SealedKind.Payment, "SELECT DISTINCT p.id FROM payment_order o JOIN payment p ON p.id = o.payment_id WHERE o.order_no = @orderNo AND p.merchant = @merchant"),
                (SealedKind.BridgeOrder, "SELECT id FROM bridge_order WHERE order_no = @orderNo AND merchant = @merchant"),
                (SealedKind.Request, "SELECT id FROM customs_request WHERE order_no = @orderNo AND (merchant = @merchant OR merchant IS NULL)"),
            })
            {
                numbers.UnionWith(await NumbersWithAsync(connection, transaction: null, kind, (await connection.QueryAsync<long>(ids, values)).AsList()));
            }

            var seals = new List<EvidenceRow>(numbers.Count);
            foreach (var chunk in numbers.Chunk(Chunk))
            {
                seals.AddRange(await connection.QueryAsync<EvidenceRow>($"{SelectEvidence} WHERE {database.Dialect.In("number", "@numbers")} ORDER BY number", new { numbers = database.Dialect.List(chunk) }));
            }

            return seals;
        },
        cancellationToken);
}
