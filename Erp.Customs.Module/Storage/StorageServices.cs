using System.Data.Common;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Erp.Customs.Module.Storage;

/// <summary>Registers the database and its tables.</summary>
internal static class StorageServices
{
    /// <summary>The SQLite file in the module's data folder.</summary>
    public const string FileName = "customs.db";

    public static IServiceCollection AddStorage(this IServiceCollection services, ModuleContext context)
    {
        services.AddSingleton(provider => new ContentKeys(provider.GetRequiredService<CustomsOptions>().Archive, context.DataDirectory));
        services.AddSingleton<ContentVault>();
        services.AddSingleton<CustomsDatabase>(provider => provider.GetService<IErpDatabase>() is { } host
            ? OfHost(host, provider.GetRequiredService<ContentVault>())
            : OfSettings(provider.GetRequiredService<CustomsOptions>().Database, Path.Combine(context.DataDirectory, FileName), provider.GetRequiredService<ContentVault>()));
        services.AddSingleton(provider => new Migrations(
            provider.GetRequiredService<CustomsDatabase>(),
            Path.Combine(context.ModuleDirectory, "migrations"),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Migrations>>()));
        services.AddSingleton<ContentKeyTable>();
        services.AddSingleton<RequestTable>();
        services.AddSingleton<CaptureTable>();
        services.AddSingleton<AlertTable>();
        services.AddSingleton<EvidenceTable>();
        services.AddSingleton<CheckpointTable>();
        services.AddSingleton<ClearAccessTable>();
        services.AddSingleton<HoldTable>();
        services.AddSingleton<OperationTable>();
        services.AddSingleton<SettingTable>();
        services.AddSingleton<TemplateTable>();
        services.AddSingleton<ImportTable>();
        services.AddSingleton<DayTable>();
        services.AddSingleton<ClockTable>();
        services.AddSingleton<SignJobTable>();
        services.AddSingleton<SignAgentTable>();
        return services;
    }

    /// <summary>Reads what the screen has set before anything else is made; see <see cref="SettingTable.ReadAhead"/>.</summary>
    /// <param name="host">The host's database, which wins over the settings.</param>
    /// <param name="options">Where it stands otherwise.</param>
    /// <param name="dataDirectory">The module's data folder.</param>
    public static StoredSettings ReadAhead(IErpDatabase? host, DatabaseOptions options, string dataDirectory)
    {
        var engine = host?.Engine ?? (options.Engine switch { DatabaseEngine.PostgreSql => EngineNames.PostgreSql, DatabaseEngine.SqlServer => EngineNames.SqlServer, _ => EngineNames.Sqlite });
        var file = Path.Combine(dataDirectory, FileName);
        return engine switch
        {
            EngineNames.PostgreSql => Ahead(new PostgresDialect(), NpgsqlFactory.Instance),
            EngineNames.SqlServer => Ahead(new SqlServerDialect(), SqlClientFactory.Instance),
            _ => SettingTable.ReadAhead(new SqliteDialect(), File.Exists(file) ? () => SqliteDatabase.Reader(file) : null),
        };

        StoredSettings Ahead(SqlDialect dialect, DbProviderFactory driver)
        {
            if (host is not null)
            {
                return SettingTable.ReadAhead(dialect, host.DataSource.CreateConnection);
            }

            using var source = Source(options, driver);
            return SettingTable.ReadAhead(dialect, source.CreateConnection);
        }
    }

    /// <summary>The host's engine and connections win over the settings; the driver is the host's too.</summary>
    private static ServerDatabase OfHost(IErpDatabase host, ContentVault content) => host.Engine switch
    {
        EngineNames.PostgreSql => new ServerDatabase(host.Engine, new PostgresDialect(), host.DataSource, owned: false, content),
        EngineNames.SqlServer => new ServerDatabase(host.Engine, new SqlServerDialect(), host.DataSource, owned: false, content),
        _ => throw new ModuleConfigurationException(Words.Of(
            $"宿主提供的 IErpDatabase.Engine 为“{host.Engine}”：只能是 postgresql 或 sqlserver；使用 SQLite 时请不要注册 IErpDatabase，模块自行保管其文件",
            $"The host hands in an IErpDatabase of engine '{host.Engine}', but it takes postgresql or sqlserver; for SQLite register none: the module keeps a file of its own")),
    };

    private static CustomsDatabase OfSettings(DatabaseOptions options, string file, ContentVault content) => options.Engine switch
    {
        DatabaseEngine.PostgreSql => new ServerDatabase(EngineNames.PostgreSql, new PostgresDialect(), Source(options, NpgsqlFactory.Instance), owned: true, content),
        DatabaseEngine.SqlServer => new ServerDatabase(EngineNames.SqlServer, new SqlServerDialect(), Source(options, SqlClientFactory.Instance), owned: true, content),
        _ => new SqliteDatabase(file, content),
    };

    private static DbDataSource Source(DatabaseOptions options, DbProviderFactory driver)
    {
        try
        {
            return driver.CreateDataSource(driver.CreateConnectionStringBuilder()!.With(options.ConnectionString));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            // The driver's words may hold a part of the string, and that may be the password: they are not passed on, not even inside.
            throw CustomsOptionsReader.WrongConnectionString();
        }
    }

    private static string With(this DbConnectionStringBuilder builder, string connectionString)
    {
        builder.ConnectionString = connectionString;
        return builder.ConnectionString;
    }
}
