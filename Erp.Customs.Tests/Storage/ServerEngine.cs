using System.Data.Common;
using System.Globalization;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests.Storage;

/// <summary>An engine that several nodes may share; each test has a database of its own on one server.</summary>
public abstract class ServerEngine : TestEngine
{
    protected string Name { get; } = "erp_customs_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>As a node of the product connects to it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Leases are measured by the test's clock, so that a suite can move it; <see cref="CreateNode"/> has the product's own.</summary>
    internal override CustomsDatabase Create() => Create(Clocked);

    /// <summary>A database exactly as a node of the product has it.</summary>
    internal CustomsDatabase CreateNode() => Create(Product);

    public override async Task InitializeAsync() => ConnectionString = await CreateDatabaseAsync();

    public override async Task<object?> TamperAsync(string sql)
    {
        await using var source = Source();
        return await ExecuteAsync(source, sql);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (ConnectionString.Length > 0)
        {
            await DropDatabaseAsync();
        }
    }

    internal abstract string Engine { get; }

    internal abstract SqlDialect Product { get; }

    internal abstract SqlDialect Clocked { get; }

    internal abstract DbDataSource Source();

    /// <summary>Creates <see cref="Name"/>.</summary>
    /// <returns>How to connect to it.</returns>
    protected abstract Task<string> CreateDatabaseAsync();

    protected abstract Task DropDatabaseAsync();

    protected static async Task<object?> ExecuteAsync(DbDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private ServerDatabase Create(SqlDialect dialect) => new(Engine, dialect, Source(), owned: true, Content);
}
