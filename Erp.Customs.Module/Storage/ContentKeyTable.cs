using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of the keys: which of them content was ever encrypted with, so that a start without one of them is refused before anything is stored.</summary>
internal sealed class ContentKeyTable(CustomsDatabase database, TimeProvider time)
{
    /// <summary>Settles, once at the start and for all nodes one after the other, which key encrypts from now on, and notes it.</summary>
    /// <exception cref="Contracts.ModuleConfigurationException">A key is missing.</exception>
    public Task SettleAsync() => database.WriteAsync(async (connection, transaction) =>
    {
        await database.LockAsync(connection, transaction, "content_key");
        var needed = (await connection.QueryAsync<string>("SELECT id FROM content_key", transaction: transaction)).AsList();
        database.Content.Keys.Settle(needed);
        var id = database.Content.Keys.Current.Id;
        if (!needed.Contains(id))
        {
            await connection.ExecuteAsync("INSERT INTO content_key (id, first_used_at) VALUES (@id, @now)", new { id, now = time.GetUtcNow().Stored() }, transaction);
        }

        return true;
    });
}
