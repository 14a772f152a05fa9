using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Jobs;

/// <summary>Hangfire, where this build has it: the same suite as Quartz, and what Hangfire shows of it.</summary>
public sealed class HangfireUploadEngineTests : UploadEngineCompliance
{
    [Fact]
    public async Task It_tells_its_name()
    {
        await using var host = await EngineHost.StartAsync(Add);
        Assert.Equal("Hangfire", host.Engine.Name);
    }

    [Fact]
    public async Task A_request_has_one_job_whose_argument_is_its_id()
    {
        await using var host = await EngineHost.StartAsync(Add);
        for (var round = 1; round <= 3; round++)
        {
            await host.EnqueueAsync(7);
            await host.Work.WaitAsync(7, round);
        }

        await WaitAsync(() => Monitor(host).SucceededListCount() == 1);
        var job = Assert.Single(Monitor(host).SucceededJobs(0, 10)).Value.Job;
        Assert.Equal(7L, job.Args[0]);
        Assert.All(job.Args.Skip(1), argument => Assert.True(argument is null or CancellationToken));
    }

    [Fact]
    public async Task What_is_due_again_is_scheduled_with_the_reason()
    {
        var record = new Record { Standing = id => new UploadStanding(id, "SO1", "s-1", "海关未收到 | Customs did not get it", Failed: false, DueAt: null) };
        var due = TimeProvider.System.GetUtcNow().AddMinutes(5);
        await using var host = await EngineHost.StartAsync(services => Add(services, record), (_, _) => Task.FromResult<DateTimeOffset?>(due));
        await host.EnqueueAsync(7);

        await WaitAsync(() => Monitor(host).ScheduledCount() == 1);

        var (jobId, scheduled) = Assert.Single(Monitor(host).ScheduledJobs(0, 10));
        Assert.InRange(new DateTimeOffset(scheduled.EnqueueAt, TimeSpan.Zero) - due, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Contains(Monitor(host).JobDetails(jobId).History, state => state.StateName == ScheduledState.StateName && state.Reason!.StartsWith("海关未收到", StringComparison.Ordinal));
        Assert.Equal(0, Monitor(host).FailedCount());
    }

    [Fact]
    public async Task What_needs_a_person_fails_with_the_reason_and_is_not_tried_again()
    {
        var record = new Record { Standing = id => new UploadStanding(id, "SO1", "s-1", "被海关退回：签名不符 | Rejected", Failed: true, DueAt: null) };
        await using var host = await EngineHost.StartAsync(services => Add(services, record));
        await host.EnqueueAsync(7);

        await WaitAsync(() => Monitor(host).FailedCount() == 1);

        var failed = Assert.Single(Monitor(host).FailedJobs(0, 10)).Value;
        Assert.Equal("被海关退回：签名不符 | Rejected", failed.Reason);
        Assert.Equal("被海关退回：签名不符 | Rejected", failed.ExceptionMessage);
        Assert.Equal(1, host.Work.Count(7));
    }

    [Fact]
    public async Task What_is_thrown_is_for_the_log_and_not_for_the_screen()
    {
        await using var host = await EngineHost.StartAsync(Add, (_, _) => throw new InvalidOperationException("张三 13900001111"));
        await host.EnqueueAsync(7);

        await WaitAsync(() => Monitor(host).FailedCount() == 1);

        var failed = Assert.Single(Monitor(host).FailedJobs(0, 10)).Value;
        Assert.StartsWith("系统内部错误（InvalidOperationException）", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", failed.ExceptionMessage + failed.ExceptionDetails, StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines, line => line.Contains("The job of request 7 was left by an unexpected error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_another_worker_holds_is_looked_at_when_his_lease_ends_and_not_before()
    {
        var lease = TimeProvider.System.GetUtcNow().AddMinutes(3);
        var record = new Record { Standing = id => new UploadStanding(id, "SO1", "s-1", "", Failed: false, DueAt: lease) };
        await using var host = await EngineHost.StartAsync(services => Add(services, record));
        await host.EnqueueAsync(7);

        await WaitAsync(() => Monitor(host).ScheduledCount() == 1);

        Assert.InRange(new DateTimeOffset(Monitor(host).ScheduledJobs(0, 1)[0].Value.EnqueueAt, TimeSpan.Zero) - lease, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_failed_before_a_restart_is_shown_again()
    {
        var record = new Record { Failed = [new(9, "SO9", "s-9", "会话已用 | used", Failed: true, DueAt: null), new(8, "SO8", "s-8", "需人工处理 | person", Failed: true, DueAt: null)] };
        await using var host = await EngineHost.StartAsync(services => Add(services, record));

        Assert.Equal(["会话已用 | used", "需人工处理 | person"], Monitor(host).FailedJobs(0, 10).Select(job => job.Value.Reason));
        Assert.Empty(host.Work.Runs);
        await host.EnqueueAsync(8);
        await host.Work.WaitAsync(8);
        await WaitAsync(() => Monitor(host).FailedCount() == 1);
    }

    [Fact]
    public async Task In_memory_no_more_are_kept_than_anybody_pages_through_but_what_is_due_soon()
    {
        var full = new Record { Failed = [.. Enumerable.Range(1_000_000, 10_000).Select(id => new UploadStanding(id, "SO", "s", "会话已用 | used", Failed: true, DueAt: null))] };
        var (soon, later) = (TimeProvider.System.GetUtcNow().AddSeconds(1), TimeProvider.System.GetUtcNow().AddMinutes(5));
        var sevens = 0;
        await using var host = await EngineHost.StartAsync(services => Add(services, full), (id, _) => Task.FromResult<DateTimeOffset?>(id == 8 ? later : Interlocked.Increment(ref sevens) == 1 ? soon : null));
        Assert.Equal(10_000, Monitor(host).FailedCount());

        await host.EnqueueAsync(8);
        await WaitAsync(() => Monitor(host).GetStatistics().Deleted == 1);
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7, 2);

        Assert.Equal((10_000, 0), (Monitor(host).FailedCount(), Monitor(host).ScheduledCount()));
        // The sweep finds it in the table.
        await host.EnqueueAsync(8);
        await host.Work.WaitAsync(8, 2);
    }

    [Fact]
    public async Task Without_a_storage_for_the_database_Quartz_drives()
    {
        await using var host = await EngineHost.StartAsync(services => Add(services, new Record(), "oracle"));
        Assert.Equal("Quartz", host.Engine.Name);
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        Assert.Contains(host.Log.Lines, line => line.Contains("Quartz drives the uploads", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Quartz_drives_where_it_is_asked_for()
    {
        await using var host = await EngineHost.StartAsync(services => Add(services, new Record(), choice: JobEngineChoice.Quartz));
        Assert.Equal("Quartz", host.Engine.Name);
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        Assert.Null(host.Services.GetRequiredService<HangfireJobs>().Storage);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("no job storage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_Hangfire_alone_may_drive_and_has_no_storage_one_sentence_says_so()
    {
        var wrong = await Assert.ThrowsAsync<ModuleConfigurationException>(() => EngineHost.StartAsync(services => Add(services, new Record(), "oracle", JobEngineChoice.Hangfire)));
        Assert.EndsWith("Customs:Jobs:Engine is 'hangfire', but it takes auto or quartz, because this build has no job storage of Hangfire for oracle", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_hosts_own_Hangfire_is_touched_or_used()
    {
        var hosts = new JobStorageOfTheHost();
        JobStorage.Current = hosts;
        var filters = GlobalJobFilters.Filters.Select(filter => filter.Instance).ToList();
        var activator = JobActivator.Current;

        await using var one = await EngineHost.StartAsync(Add);
        await using var other = await EngineHost.StartAsync(Add);
        await one.EnqueueAsync(7);
        await one.Work.WaitAsync(7);
        await other.EnqueueAsync(8);
        await other.Work.WaitAsync(8);

        await WaitAsync(() => Monitor(one).SucceededListCount() == 1 && Monitor(other).SucceededListCount() == 1);
        Assert.DoesNotContain(one.Work.Runs, run => run.Id == 8);
        Assert.DoesNotContain(other.Work.Runs, run => run.Id == 7);
        Assert.Equal(0, hosts.Calls);
        Assert.Same(hosts, JobStorage.Current);
        Assert.Same(activator, JobActivator.Current);
        Assert.Equal(filters, GlobalJobFilters.Filters.Select(filter => filter.Instance));
        Assert.Equal(["erp-customs"], Monitor(one).Servers().SelectMany(server => server.Queues));
    }

    protected override void Add(IServiceCollection services) => Add(services, new Record());

    private static void Add(IServiceCollection services, Record record, string database = "sqlite", JobEngineChoice choice = JobEngineChoice.Auto)
    {
        services.AddSingleton<IUploadRecord>(record);
        services.AddJobs(TimeProvider.System);
        services.PreferHangfire(_ => new JobsDatabase(database, Source: null), choice);
    }

    private static Hangfire.Storage.IMonitoringApi Monitor(EngineHost host) => host.Services.GetRequiredService<HangfireJobs>().Storage!.GetMonitoringApi();

    private static async Task WaitAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!until())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>A table that says what a test wants.</summary>
    private sealed class Record : IUploadRecord
    {
        public Func<long, UploadStanding?> Standing { get; init; } = _ => null;

        public IReadOnlyList<UploadStanding> Failed { get; init; } = [];

        public Task<UploadStanding?> FindAsync(long requestId, CancellationToken cancellationToken) => Task.FromResult(Standing(requestId));

        public Task<IReadOnlyList<UploadStanding>> FailedAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(Failed);
    }

    /// <summary>Counts who speaks to it.</summary>
    private sealed class JobStorageOfTheHost : JobStorage
    {
        public int Calls { get; private set; }

        public override Hangfire.Storage.IStorageConnection GetConnection()
        {
            Calls++;
            throw new NotSupportedException();
        }

        public override Hangfire.Storage.IMonitoringApi GetMonitoringApi()
        {
            Calls++;
            throw new NotSupportedException();
        }
    }
}
