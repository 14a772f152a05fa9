using System.Data.Common;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Data.SqlClient;

namespace Erp.Customs.Tests.Storage;

/// <summary>SQL Server: a database of its own on the server that <c>ERP_CUSTOMS_TEST_SQLSERVER</c> names.</summary>
public sealed class SqlServerEngine : ServerEngine, IOptionalTool
{
    private const string Variable = "ERP_CUSTOMS_TEST_SQLSERVER";

    public static string? Absent { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }
        ? null
        : $"No SQL Server here: {Variable} is not set to the connection string of a server where databases can be created.";

    public override string OtherBytes => "0x0102";

    internal override string Engine => EngineNames.SqlServer;

    internal override SqlDialect Product { get; } = new SqlServerDialect();

    internal override SqlDialect Clocked { get; } = new ClockedDialect();

    private static string Server => Environment.GetEnvironmentVariable(Variable)!;

    internal override DbDataSource Source() => SqlClientFactory.Instance.CreateDataSource(ConnectionString);

    protected override async Task<string> CreateDatabaseAsync()
    {
        await using var source = SqlClientFactory.Instance.CreateDataSource(Server);
        await ExecuteAsync(source, $"CREATE DATABASE {Name}");
        // As the README asks for: readers do not wait for writers.
        await ExecuteAsync(source, $"ALTER DATABASE {Name} SET READ_COMMITTED_SNAPSHOT ON");
        return new SqlConnectionStringBuilder(Server) { InitialCatalog = Name, MaxPoolSize = 20 }.ConnectionString;
    }

    protected override async Task DropDatabaseAsync()
    {
        await using var source = SqlClientFactory.Instance.CreateDataSource(Server);
        await ExecuteAsync(source, $"ALTER DATABASE {Name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {Name}");
    }

    private sealed class ClockedDialect : SqlServerDialect
    {
        public override string LeaseClock => "@Now";
    }
}
