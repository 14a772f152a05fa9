using System.Data.Common;
using Erp.Customs.Module.Storage;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Support;
using Npgsql;

namespace Erp.Customs.Tests.Storage;

/// <summary>PostgreSQL: a database of its own on the test run's server.</summary>
public sealed class PostgresEngine : ServerEngine, IOptionalTool
{
    public static string? Absent => PrivatePostgres.Absent;

    public override string OtherBytes => @"'\x0102'";

    internal override string Engine => EngineNames.PostgreSql;

    internal override SqlDialect Product { get; } = new PostgresDialect();

    internal override SqlDialect Clocked { get; } = new ClockedDialect();

    internal override DbDataSource Source() => NpgsqlDataSource.Create(ConnectionString);

    protected override async Task<string> CreateDatabaseAsync()
    {
        var server = await PrivatePostgres.ServerAsync();
        await using var source = NpgsqlDataSource.Create(server);
        await ExecuteAsync(source, $"CREATE DATABASE {Name} TEMPLATE template0");
        return new NpgsqlConnectionStringBuilder(server) { Database = Name, MaxPoolSize = 20, Timeout = 60 }.ConnectionString;
    }

    protected override async Task DropDatabaseAsync()
    {
        await using var source = NpgsqlDataSource.Create(await PrivatePostgres.ServerAsync());
        await ExecuteAsync(source, $"DROP DATABASE {Name} WITH (FORCE)");
    }

    private sealed class ClockedDialect : PostgresDialect
    {
        public override string LeaseClock => "@Now";
    }
}
