using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>The module's own Hangfire server. What failed for good is shown again first: a storage without memory has forgotten it.</summary>
internal sealed class HangfireServer(HangfireJobs jobs, IServiceProvider services, IUploadRecord record, ILogger<HangfireServer> logger) : IHostedService, IDisposable
{
    /// <summary>How many failed requests are shown again. The default value is 1,000, the newest.</summary>
    private const int ShownAgain = 1_000;

    /// <summary>How often scheduled jobs are looked for. The default value is 0.5 seconds.</summary>
    private static readonly TimeSpan ScheduleInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>How long stopping waits for what runs: longer than an upload may take. The default value is 60 seconds; a host that allows less cuts it short.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private BackgroundJobServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (jobs.Storage is not { } storage)
        {
            return;
        }

        var engine = services.GetRequiredService<HangfireUploadEngine>();
        var failed = await record.FailedAsync(ShownAgain, cancellationToken);
        // Oldest first: Hangfire lists what was made last on top.
        var shown = failed.Reverse().Count(engine.ShowFailed);
        logger.LogInformation("Hangfire drives the uploads; {Count} failed requests are shown again", shown);
        _server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                ServerName = $"erp-customs:{Environment.MachineName}",
                Queues = [HangfireJobs.Queue],
                WorkerCount = JobsServices.Workers,
                SchedulePollingInterval = ScheduleInterval,
                ShutdownTimeout = DrainLimit,
                FilterProvider = jobs.Filters,
                Activator = new ContainerActivator(services),
            },
            storage);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return;
        }

        _server.SendStop();
        jobs.LetGo();
        await _server.WaitForShutdownAsync(cancellationToken);
    }

    public void Dispose() => _server?.Dispose();

    /// <summary>Jobs come from the module's container, not from Hangfire's static activator.</summary>
    private sealed class ContainerActivator(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
    }
}
