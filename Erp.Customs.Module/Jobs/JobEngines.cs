using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Jobs;

/// <summary>Chooses what drives sign-and-upload: Hangfire where this build has it and it can keep jobs beside the module's database, otherwise Quartz.</summary>
internal static partial class JobEngines
{
    /// <summary>Whether this build has Hangfire; see OptionalPackages.targets.</summary>
    public static bool HangfireBuiltIn =>
#if WITH_HANGFIRE
        true;
#else
        false;
#endif

    /// <summary>Whether Hangfire can keep jobs beside an SQLite database.</summary>
    public static bool HangfireInMemoryBuiltIn =>
#if WITH_HANGFIRE && WITH_HANGFIREINMEMORY
        true;
#else
        false;
#endif

    /// <summary>Whether Hangfire can keep jobs beside a PostgreSQL database.</summary>
    public static bool HangfirePostgreSqlBuiltIn =>
#if WITH_HANGFIRE && WITH_HANGFIREPOSTGRESQL
        true;
#else
        false;
#endif

    /// <summary>Lets Hangfire drive instead of Quartz where it can and may. Called after <see cref="JobsServices.AddJobs"/>.</summary>
    /// <param name="services">The module's.</param>
    /// <param name="database">Tells the database that the module works on; asked when the first engine is needed.</param>
    /// <param name="choice">What the settings ask for.</param>
    public static IServiceCollection PreferHangfire(this IServiceCollection services, Func<IServiceProvider, JobsDatabase> database, JobEngineChoice choice = JobEngineChoice.Auto)
    {
        AddHangfire(services, database, choice);
        return services;
    }

    /// <summary>There only with Hangfire.</summary>
    static partial void AddHangfire(IServiceCollection services, Func<IServiceProvider, JobsDatabase> database, JobEngineChoice choice);
}

/// <summary>The database that an engine may keep its own tables in.</summary>
/// <param name="Engine"><c>sqlite</c>, <c>postgresql</c> or <c>sqlserver</c>.</param>
/// <param name="Source">Opens connections to a server; <see langword="null"/> where there is none.</param>
internal sealed record JobsDatabase(string Engine, DbDataSource? Source);
