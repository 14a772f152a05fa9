using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Jobs;

/// <summary>What sign-and-upload may expect of any job engine. Each engine of the product has a class that inherits this one.</summary>
public abstract class UploadEngineCompliance
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task An_id_is_worked_on_once()
    {
        await using var host = await EngineHost.StartAsync(Add);
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        await host.StopAsync();
        Assert.Equal(1, host.Work.Count(7));
    }

    [Fact]
    public async Task An_id_is_not_worked_on_before_it_is_due()
    {
        await using var host = await EngineHost.StartAsync(Add);
        var due = Now + TimeSpan.FromMilliseconds(300);
        await host.EnqueueAsync(7, due);
        await host.EnqueueAsync(8);
        await host.Work.WaitAsync(7);
        Assert.True(host.Work.Runs.Single(run => run.Id == 7).At >= due);
        Assert.Equal(8, host.Work.Runs[0].Id);
    }

    [Fact]
    public async Task The_same_id_again_is_the_same_wish()
    {
        await using var host = await EngineHost.StartAsync(Add);
        var due = Now + TimeSpan.FromMilliseconds(300);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(later => host.EnqueueAsync(7, due + TimeSpan.FromMilliseconds(later))));
        await host.Work.WaitAsync(7);
        await host.StopAsync();
        Assert.Equal(1, host.Work.Count(7));
    }

    [Fact]
    public async Task The_earlier_wish_wins_whichever_comes_first()
    {
        await using var host = await EngineHost.StartAsync(Add);
        await host.EnqueueAsync(7, Now + TimeSpan.FromHours(1));
        await host.EnqueueAsync(7);
        await host.EnqueueAsync(7, Now + TimeSpan.FromHours(1));
        await host.Work.WaitAsync(7);
    }

    [Fact]
    public async Task An_id_is_worked_on_again_when_the_work_says_so()
    {
        var again = Now;
        await using var host = await EngineHost.StartAsync(Add, (_, _) =>
        {
            again = Now + TimeSpan.FromMilliseconds(200);
            return Task.FromResult<DateTimeOffset?>(again);
        });
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        var due = again;
        await host.Work.WaitAsync(7, times: 2);
        Assert.True(host.Work.Runs[1].At >= due);
    }

    [Fact]
    public async Task A_wish_that_comes_while_the_id_is_worked_on_is_not_lost()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await EngineHost.StartAsync(Add, async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return null;
        });
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        await host.EnqueueAsync(7);
        release.SetResult();
        await host.Work.WaitAsync(7, times: 2);
    }

    [Fact]
    public async Task Work_that_throws_stops_neither_the_engine_nor_is_it_repeated_by_it()
    {
        await using var host = await EngineHost.StartAsync(Add, (id, _) => id == 7 ? throw new InvalidOperationException("a bug") : Task.FromResult<DateTimeOffset?>(null));
        for (var round = 0; round < 5; round++)
        {
            await host.EnqueueAsync(7);
            await host.Work.WaitAsync(7, times: round + 1);
        }

        await host.EnqueueAsync(8);
        await host.Work.WaitAsync(8);
        await host.StopAsync();
        // The row's next_attempt_at owns the retries; the sweep finds it.
        Assert.Equal(5, host.Work.Count(7));
    }

    [Fact]
    public async Task Two_hundred_ids_at_once_are_all_worked_on_once()
    {
        await using var host = await EngineHost.StartAsync(Add);
        await Task.WhenAll(Enumerable.Range(1, 200).Select(id => host.EnqueueAsync(id)));
        for (var id = 1; id <= 200; id++)
        {
            await host.Work.WaitAsync(id);
        }

        await host.StopAsync();
        Assert.Equal(200, host.Work.Runs.Count);
    }

    [Fact]
    public async Task Ids_are_worked_on_side_by_side()
    {
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = 0;
        await using var host = await EngineHost.StartAsync(Add, async (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref inside) == 8)
            {
                together.SetResult();
            }

            await together.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            return null;
        });
        await Task.WhenAll(Enumerable.Range(1, 8).Select(id => host.EnqueueAsync(id)));
        await together.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stopping_waits_for_the_work_that_runs_and_begins_no_other()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = false;
        await using var host = await EngineHost.StartAsync(Add, async (_, _) =>
        {
            await release.Task;
            ended = true;
            return null;
        });
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        await host.EnqueueAsync(8, Now + TimeSpan.FromMinutes(1));

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;

        Assert.True(ended);
        Assert.Equal(0, host.Work.Count(8));
    }

    [Fact]
    public async Task Stopping_tells_the_work_that_runs_to_let_go_if_it_can()
    {
        var told = false;
        await using var host = await EngineHost.StartAsync(Add, async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ContinueWith(_ => told = true, TaskScheduler.Default);
            return null;
        });
        await host.EnqueueAsync(7);
        await host.Work.WaitAsync(7);
        await host.StopAsync();
        Assert.True(told);
    }

    [Fact]
    public async Task A_delay_is_kept_to_the_second_and_waits_for_no_long_poll()
    {
        await using var host = await EngineHost.StartAsync(Add, (id, _) => Task.FromResult<DateTimeOffset?>(id == 8 ? Now + TimeSpan.FromMilliseconds(500) : null));
        await host.EnqueueAsync(8);
        await host.EnqueueAsync(7, Now + TimeSpan.FromMilliseconds(500));
        var asked = Now;
        await host.Work.WaitAsync(7);
        await host.Work.WaitAsync(8, times: 2);
        Assert.InRange(host.Work.Runs.First(run => run.Id == 7).At - asked, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(host.Work.Runs.Where(run => run.Id == 8).ElementAt(1).At - asked, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_was_never_handed_in_is_found_in_the_table()
    {
        await using var host = await EngineHost.StartAsync(Add);
        host.Work.Due = () => host.Work.Count(7) == 0 ? [7] : [];
        await host.Work.WaitAsync(7);
        await host.StopAsync();
        Assert.Equal(1, host.Work.Count(7));
    }

    [Fact]
    public async Task What_was_under_way_or_planned_when_a_process_died_is_worked_on_by_the_next_with_nothing_but_the_table()
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var dead = await EngineHost.StartAsync(Add, async (_, _) =>
        {
            await never.Task;
            return null;
        });
        await dead.EnqueueAsync(7);
        await dead.EnqueueAsync(8, Now + TimeSpan.FromHours(1));
        await dead.Work.WaitAsync(7);

        // The first never let go; the second has an engine without any memory.
        await using var next = await EngineHost.StartAsync(Add);
        next.Work.Due = () => [.. new[] { 7L, 8L }.Where(id => next.Work.Count(id) == 0)];
        await next.Work.WaitAsync(7);
        await next.Work.WaitAsync(8);
        never.SetResult();
    }

    [Fact]
    public async Task Two_servers_share_the_work_and_the_claim_gives_each_id_to_one()
    {
        const int Ids = 300;
        var claimed = new System.Collections.Concurrent.ConcurrentDictionary<long, int>();
        async Task<DateTimeOffset?> RunAsync(int server, long id)
        {
            if (claimed.TryAdd(id, server))
            {
                await Task.Delay(20);
            }

            return null;
        }

        await using var one = await EngineHost.StartAsync(Add, (id, _) => RunAsync(1, id));
        await using var two = await EngineHost.StartAsync(Add, (id, _) => RunAsync(2, id));
        IReadOnlyList<long> Due() => [.. Enumerable.Range(1, Ids).Select(id => (long)id).Where(id => !claimed.ContainsKey(id))];
        (one.Work.Due, two.Work.Due) = (Due, Due);
        foreach (var host in (EngineHost[])[one, two])
        {
            host.Services.GetRequiredService<UploadRelay>().Offer(Due());
        }

        await WaitAsync(() => claimed.Count == Ids);

        Assert.All(new[] { 1, 2 }, server => Assert.Contains(server, claimed.Values));
    }

    [Fact]
    public async Task After_a_stop_what_is_offered_is_neither_worked_on_nor_refused_with_an_error()
    {
        await using var host = await EngineHost.StartAsync(Add);
        await host.StopAsync();
        host.Work.Due = () => [8];
        var relay = host.Services.GetRequiredService<UploadRelay>();
        Assert.Null(Record.Exception(() => relay.Offer(7)));
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Empty(host.Work.Runs);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("could not read what is due", StringComparison.Ordinal) || line.Contains("did not take request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_id_that_always_throws_does_not_keep_the_others_from_their_turn()
    {
        await using var host = await EngineHost.StartAsync(Add, (id, _) => id == 7 ? throw new InvalidOperationException("poison") : Task.FromResult<DateTimeOffset?>(null));
        // The table says that it is due, again and again.
        host.Work.Due = () => [7, .. Enumerable.Range(8, 40).Select(id => (long)id).Where(id => host.Work.Count(id) == 0)];
        await WaitAsync(() => Enumerable.Range(8, 40).All(id => host.Work.Count(id) == 1));
        Assert.InRange(host.Work.Count(7), 1, 20);
    }

    [Fact]
    public async Task Of_a_backlog_the_earliest_deadline_is_worked_on_first()
    {
        const int Late = 600;
        const int Urgent = 10;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await EngineHost.StartAsync(Add, async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            await Task.Delay(2, cancellationToken);
            return null;
        });
        var ids = Enumerable.Range(1, Late).Select(id => (long)id).ToList();
        // Ids above the late ones came in last and have the earliest deadlines.
        host.Work.Due = () => [.. ids.Except(host.Work.Runs.Select(run => run.Id)).OrderByDescending(id => id > Late).ThenBy(id => id).Take(500)];
        var relay = host.Services.GetRequiredService<UploadRelay>();
        relay.Offer(ids);
        await WaitAsync(() => host.Work.Runs.Count == JobsServices.Workers);
        ids = [.. ids, .. Enumerable.Range(Late + 1, Urgent).Select(id => (long)id)];
        relay.Offer(ids.Skip(Late));

        release.SetResult();
        await host.Work.WaitAsync(Late + Urgent);
        await WaitAsync(() => ids.Skip(Late).All(id => host.Work.Count(id) > 0));
        var before = host.Work.Runs.ToList().FindLastIndex(run => run.Id > Late);
        await WaitAsync(() => host.Work.Runs.Select(run => run.Id).Distinct().Count() == Late + Urgent);

        Assert.InRange(before, Urgent, 200);
    }

    private static async Task WaitAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!until())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Registers the engine and what it needs; <see cref="TimeProvider"/> and the work are there.</summary>
    protected abstract void Add(IServiceCollection services);
}
