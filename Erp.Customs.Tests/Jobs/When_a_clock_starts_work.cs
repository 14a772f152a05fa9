using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Erp.Customs.Tests.Jobs;

public class When_a_clock_starts_work
{
    [Fact]
    public async Task Should_run_when_its_cron_says_so_and_again_after_it_threw()
    {
        var work = new Scheduled("every second", "* * * * * ?");
        await using var host = await EngineHost.StartAsync(services =>
        {
            services.AddSingleton<IScheduledWork>(work);
            services.AddJobs(TimeProvider.System);
        });
        await work.Twice.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("0 15 3 * * ?", 3, 15)]
    [InlineData("0 0 0 * * ?", 0, 0)]
    [InlineData("0 30 23 * * ?", 23, 30)]
    public async Task Should_read_the_cron_in_China_time(string cron, int hour, int minute)
    {
        await using var host = await EngineHost.StartAsync(services =>
        {
            services.AddSingleton<IScheduledWork>(new Scheduled("retention", cron));
            services.AddJobs(TimeProvider.System);
        });
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        var trigger = await scheduler.GetTrigger(new TriggerKey("retention", "scheduled"));
        var next = trigger!.NextFireTimeUtc!.Value.ToOffset(TimeSpan.FromHours(8));
        Assert.Equal((hour, minute), (next.Hour, next.Minute));
        Assert.InRange(next - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromDays(1));
    }

    private sealed class Scheduled(string name, string cron) : IScheduledWork
    {
        private int _runs;

        public string Name => name;

        public string Cron => cron;

        public TaskCompletionSource Twice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task RunAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _runs) == 1)
            {
                throw new InvalidOperationException("a bug");
            }

            Twice.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
