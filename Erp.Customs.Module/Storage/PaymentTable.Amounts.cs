using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What payments are worth, for sums.</summary>
internal sealed partial class PaymentTable
{
    /// <summary>The facts that count of each of these payments.</summary>
    public async Task<IReadOnlyList<FactsOfPayment>> FactsOfAsync(DbConnection connection, IEnumerable<long> ids) =>
        (await connection.QueryAsync<FactsOfPayment>(
            $"SELECT p.id AS Id, v.facts AS Facts FROM payment p JOIN payment_version v ON v.payment_id = p.id AND v.version = p.version WHERE {database.Dialect.In("p.id", "@ids")}",
            new { ids = database.Dialect.List(ids) })).AsList();
}

/// <summary>A payment with the facts that count.</summary>
internal sealed class FactsOfPayment
{
    public long Id { get; set; }
    public byte[] Facts { get; set; } = [];
}
