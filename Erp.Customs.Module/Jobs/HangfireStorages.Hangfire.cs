using System.Data.Common;
using Hangfire;
using Hangfire.SqlServer;

namespace Erp.Customs.Module.Jobs;

/// <summary>Where Hangfire keeps its jobs, by the module's database. All of it may be lost: the module's own table is the truth.</summary>
internal static class HangfireStorages
{
    /// <summary>How often a server is asked for jobs that another node has put there; jobs of this node are taken at once. The default value is 1 second.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Makes it; <see langword="null"/> when this build has none for the engine.</summary>
    public static JobStorage? Create(JobsDatabase database) => database switch
    {
#if WITH_HANGFIREINMEMORY
        { Engine: "sqlite" } => HangfireInMemory.Create(),
#endif
        { Engine: "sqlserver", Source: { } source } => SqlServer(source),
#if WITH_HANGFIREPOSTGRESQL
        { Engine: "postgresql", Source: { } source } => HangfirePostgreSql.Create(source),
#endif
        _ => null,
    };

    /// <summary>Whether its jobs take memory.</summary>
    public static bool IsInMemory(JobsDatabase database) => database.Engine == "sqlite";

    private static SqlServerStorage SqlServer(DbDataSource source) => new(source.CreateConnection, new SqlServerStorageOptions
    {
        SchemaName = HangfireJobs.Schema,
        QueuePollInterval = PollInterval,
        PrepareSchemaIfNecessary = true,
    });
}
