using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Erp.Customs.Module.Jobs;

/// <summary>Registers the job engines of this build.</summary>
internal static class JobsServices
{
    /// <summary>Uploads at the same time. The default value is 16.</summary>
    public const int Workers = 16;

    /// <summary>What is due within this time the engine keeps itself; what is due later it may leave to the sweep. The default value is 1 minute.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddJobs(this IServiceCollection services, TimeProvider time)
    {
        // A RAM store: our table is the truth, and on SQLite a second store would be a second writer.
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            quartz.UseTimeProvider(time);
            quartz.UseDefaultThreadPool(Workers);
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "Erp.Customs";
                scheduler.MaxBatchSize = Workers;
                // Stopping waits for what runs; what only waits for somebody is told to let go.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.AddJob<QuartzUploadJob>(job => job.WithIdentity(QuartzUploadJob.Key).StoreDurably());
        });
        services.AddQuartzHostedService(options =>
        {
            options.WaitForJobsToComplete = true;
            options.AwaitApplicationStarted = false;
        });
        services.AddSingleton<IUploadEngine, QuartzUploadEngine>();
        services.AddSingleton<UploadRoom>();
        services.AddSingleton<UploadRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadRelay>());
        services.AddSingleton<UploadSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadSweep>());
        services.AddHostedService<ScheduledWorkStarter>();
        return services;
    }
}

/// <summary>Puts every <see cref="IScheduledWork"/> on Quartz' clock when the module starts.</summary>
internal sealed class ScheduledWorkStarter(ISchedulerFactory schedulers, IEnumerable<IScheduledWork> works, TimeProvider time, ILogger<ScheduledWorkStarter> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var work in works)
        {
            var job = JobBuilder.Create<QuartzScheduledJob>().WithIdentity(work.Name, "scheduled").UsingJobData(QuartzScheduledJob.WorkName, work.Name).Build();
            var cron = CronScheduleBuilder.Create(work.Cron).InTimeZone(work.Zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed);
            var trigger = TriggerBuilder.Create(time).WithIdentity(work.Name, "scheduled").WithSchedule(cron).Build();
            await scheduler.ScheduleJob(job, trigger, ScheduleJobOptions.Replacing, cancellationToken);
            logger.LogInformation("{Work} runs at {Cron}, time of {Zone}", work.Name, work.Cron, work.Zone.Id);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
