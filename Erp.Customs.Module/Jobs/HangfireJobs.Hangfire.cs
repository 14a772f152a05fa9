using System.Runtime.Loader;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>
/// This module's own Hangfire: storage, client and filters, made here and handed on explicitly. Nothing of Hangfire's static state is set or used
/// (JobStorage.Current, GlobalConfiguration, GlobalJobFilters, JobActivator.Current): it is the host's where host and module share one copy.
/// </summary>
internal sealed class HangfireJobs : IDisposable
{
    /// <summary>The only queue; a host's Hangfire on the same database does not listen to it.</summary>
    public const string Queue = "erp-customs";

    /// <summary>Schema of Hangfire's tables on a server; never the host's <c>HangFire</c>.</summary>
    public const string Schema = "erp_customs_jobs";

    /// <summary>Jobs that may wait or have failed in a storage in memory. The default value is 10,000, more than anybody pages through.</summary>
    private const long MostInMemory = 10_000;

    private readonly CancellationTokenSource _stopping = new();

    private HangfireJobs(JobStorage? storage, TimeProvider time, long mostKept = long.MaxValue)
    {
        Storage = storage;
        // No AutomaticRetry: the row's next_attempt_at owns the retries. The history is for the dashboard's graphs.
        Filters = new JobFilterCollection { new UploadStateFilter(time, mostKept), new StatisticsHistoryAttribute() };
        Client = storage is null ? null : new BackgroundJobClient(storage, Filters);
    }

    /// <summary>Whether this copy of Hangfire is the module's alone, so that even its static parts may be set.</summary>
    public static bool IsOwnCopy => AssemblyLoadContext.GetLoadContext(typeof(JobStorage).Assembly) != AssemblyLoadContext.Default;

    /// <summary>Where jobs are kept; <see langword="null"/> when Quartz drives, because it is asked for or because there can be no jobs beside the module's database.</summary>
    public JobStorage? Storage { get; }

    /// <summary>The filters of every job.</summary>
    public JobFilterCollection Filters { get; }

    /// <summary>Makes and moves jobs in <see cref="Storage"/>.</summary>
    public BackgroundJobClient? Client { get; }

    /// <summary>Told when the module stops: what runs lets go if it can.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Makes it for a database.</summary>
    /// <exception cref="Contracts.ModuleConfigurationException">Hangfire is asked for and has no storage for the database.</exception>
    public static HangfireJobs Create(IServiceProvider services, JobsDatabase database, JobEngineChoice choice)
    {
        if (choice == JobEngineChoice.Quartz)
        {
            return new HangfireJobs(storage: null, services.GetRequiredService<TimeProvider>());
        }

        var loggers = services.GetRequiredService<ILoggerFactory>();
        if (IsOwnCopy)
        {
            LogProvider.SetCurrentLogProvider(new AspNetCoreLogProvider(loggers));
        }

        var storage = HangfireStorages.Create(database);
        if (storage is null)
        {
            if (choice == JobEngineChoice.Hangfire)
            {
                throw CustomsOptionsReader.NoHangfireFor(database.Engine);
            }

            loggers.CreateLogger<HangfireJobs>().LogWarning("Hangfire can keep no jobs beside this {Engine} database, in this build or over the host's driver: Quartz drives the uploads.", database.Engine);
        }

        return new HangfireJobs(storage, services.GetRequiredService<TimeProvider>(), storage is { } && HangfireStorages.IsInMemory(database) ? MostInMemory : long.MaxValue);
    }

    /// <summary>The module stops.</summary>
    public void LetGo() => _stopping.Cancel();

    public void Dispose()
    {
        (Storage as IDisposable)?.Dispose();
        _stopping.Dispose();
    }
}
