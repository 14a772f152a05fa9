using System.Data.Common;
using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>What payments are worth, for sums.</summary>
internal sealed partial class PaymentTable
{
    /// <summary>The facts that count of each of these payments; empty where they cannot be read.</summary>
    public async Task<IReadOnlyList<FactsOfPayment>> FactsOfAsync(DbConnection connection, IEnumerable<long> ids)
    {
        var rows = (await connection.QueryAsync<FactsOfPayment>(
            $"SELECT p.id AS Id, v.facts AS Facts, p.request AS Together FROM payment p JOIN payment_version v ON v.payment_id = p.id AND v.version = p.version WHERE {database.Dialect.In("p.id", "@ids")}",
            new { ids = database.Dialect.List(ids) })).AsList();
        rows.ForEach(row => row.Open(database.Content));
        return rows;
    }
}

/// <summary>A payment with the facts that count.</summary>
internal sealed class FactsOfPayment
{
    public long Id { get; set; }
    public byte[] Facts { get; set; } = [];
    public byte[] Together { get; set; } = [];

    /// <summary>Puts the facts for what is kept of them. A payment that cannot be read is worth nothing that could be said, and goes at its time all the same.</summary>
    public void Open(ContentVault vault)
    {
        try
        {
            Facts = vault.Open(Facts, Together, ContentColumn.FactsPart);
        }
        catch (UnreadableContentException)
        {
            Facts = [];
        }
    }
}
