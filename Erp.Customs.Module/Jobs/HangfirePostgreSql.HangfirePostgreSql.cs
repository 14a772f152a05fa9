using System.Data.Common;
using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace Erp.Customs.Module.Jobs;

/// <summary>Jobs in PostgreSQL, in a schema of their own.</summary>
internal static class HangfirePostgreSql
{
    /// <summary>Makes it; <see langword="null"/> when the host's driver is another copy of Npgsql than Hangfire speaks to.</summary>
    public static JobStorage? Create(DbDataSource source)
    {
        using var probe = source.CreateConnection();
        return probe is NpgsqlConnection ? new PostgreSqlStorage(new Connections(source), Options()) : null;
    }

    private static PostgreSqlStorageOptions Options() => new()
    {
        SchemaName = HangfireJobs.Schema,
        QueuePollInterval = HangfireStorages.PollInterval,
        PrepareSchemaIfNecessary = true,
        UseSlidingInvisibilityTimeout = true,
    };

    private sealed class Connections(DbDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => (NpgsqlConnection)source.CreateConnection();
    }
}
