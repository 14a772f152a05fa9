using System.Collections.Concurrent;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Jobs;

public sealed class When_an_engine_loses_work : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Ids that an engine is given ahead of its workers.</summary>
    private const int Room = 64;

    private readonly ManualTime _time = new();
    private readonly LogTrap _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Should_be_found_by_the_next_look_into_the_table()
    {
        var engine = new LossyEngine { Loses = 2 };
        var work = new Table { Due = [3, 1] };
        using var sweep = new UploadSweep(engine, work, new UploadRoom(), _time, Logger<UploadSweep>());
        await sweep.StartAsync(CancellationToken.None);
        await WaitAsync(() => engine.Offered.Count == 2);
        Assert.Empty(engine.Taken);

        _time.Advance(Interval);
        await WaitAsync(() => engine.Taken.Count == 2);

        Assert.Equal([3, 1], engine.Taken);
        await sweep.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Should_be_looked_for_again_when_the_table_cannot_be_read()
    {
        var engine = new LossyEngine();
        var work = new Table { Due = [7], Fails = 3 };
        using var sweep = new UploadSweep(engine, work, new UploadRoom(), _time, Logger<UploadSweep>());
        await sweep.StartAsync(CancellationToken.None);
        for (var look = 1; look <= 3; look++)
        {
            await WaitAsync(() => work.Looks == look);
            Assert.Empty(engine.Taken);
            _time.Advance(Interval);
        }

        await WaitAsync(() => engine.Taken.Count == 1);
        Assert.Equal(3, _log.Lines.Count(line => line.Contains("The sweep could not read what is due", StringComparison.Ordinal)));
        await sweep.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Should_not_stop_the_relay_when_the_engine_is_down()
    {
        var engine = new LossyEngine { Throws = 2 };
        using var relay = new UploadRelay(engine, new UploadRoom(), _time, Logger<UploadRelay>());
        await relay.StartAsync(CancellationToken.None);
        relay.Offer([1, 2, 3]);
        await WaitAsync(() => engine.Taken.Count == 1);
        Assert.Equal([3], engine.Taken);
        Assert.Equal(2, _log.Lines.Count(line => line.Contains("did not take request", StringComparison.Ordinal)));
        await relay.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Should_never_let_who_commits_wait_for_the_engine()
    {
        var engine = new LossyEngine { Holds = new(TaskCreationOptions.RunContinuationsAsynchronously) };
        using var relay = new UploadRelay(engine, new UploadRoom(), _time, Logger<UploadRelay>());
        await relay.StartAsync(CancellationToken.None);
        relay.Offer(0);
        await WaitAsync(() => engine.Offered.Count == 1);
        // More than the queue holds; what does not fit is dropped and found by the sweep.
        relay.Offer(Enumerable.Range(1, 20_000).Select(id => (long)id));
        engine.Holds.SetResult();
        await WaitAsync(() => engine.Taken.Count == Room);
        await relay.StopAsync(CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, Room).Select(id => (long)id), engine.Taken);
    }

    [Fact]
    public async Task Should_be_handed_in_by_its_deadline_as_the_engine_has_room()
    {
        var room = new UploadRoom();
        var engine = new LossyEngine();
        var work = new Table { Due = [.. Enumerable.Range(1, 200).Select(id => (long)(1000 - id))] };
        using var sweep = new UploadSweep(engine, work, room, _time, Logger<UploadSweep>());
        await sweep.StartAsync(CancellationToken.None);
        await WaitAsync(() => engine.Taken.Count == Room);
        Assert.Equal(work.Due.Take(Room), engine.Taken);

        var begun = engine.Taken.Take(Room / 2).ToList();
        work.Due = [7, .. work.Due.Except(begun)];
        begun.ForEach(room.Begun);

        // Without the clock having moved; what the engine has is offered again, which does no harm.
        await WaitAsync(() => engine.Taken.Contains(7));
        await WaitAsync(() => engine.Taken.Distinct().Count() == Room + (Room / 2));
        Assert.Equal(work.Due.Take(Room), engine.Taken.Skip(Room));
        await sweep.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Should_have_room_again_for_what_another_node_has_done()
    {
        var engine = new LossyEngine();
        var work = new Table { Due = [.. Enumerable.Range(1, 200).Select(id => (long)id)] };
        using var sweep = new UploadSweep(engine, work, new UploadRoom(), _time, Logger<UploadSweep>());
        await sweep.StartAsync(CancellationToken.None);
        await WaitAsync(() => engine.Taken.Count == Room);

        work.Due = [.. work.Due.Skip(Room)];
        _time.Advance(Interval);

        await WaitAsync(() => engine.Taken.Count == 2 * Room);
        await sweep.StopAsync(CancellationToken.None);
    }

    private ILogger<T> Logger<T>() => LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<T>();

    private static async Task WaitAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!until())
        {
            await Task.Delay(2, limit.Token);
        }
    }

    /// <summary>Loses, refuses or holds as it is told.</summary>
    private sealed class LossyEngine : IUploadEngine
    {
        private int _throws;

        public string Name => "lossy";

        public int Loses { get; init; }

        public int Throws { get => _throws; init => _throws = value; }

        public TaskCompletionSource? Holds { get; init; }

        public ConcurrentQueue<long> Offered { get; } = new();

        public ConcurrentQueue<long> Taken { get; } = new();

        public async Task EnqueueAsync(long requestId, DateTimeOffset dueAt, CancellationToken cancellationToken)
        {
            Offered.Enqueue(requestId);
            if (Interlocked.Decrement(ref _throws) >= 0)
            {
                throw new InvalidOperationException("The engine is down.");
            }

            if (Holds is { } holds)
            {
                await holds.Task.WaitAsync(cancellationToken);
            }

            if (Offered.Count > Loses)
            {
                Taken.Enqueue(requestId);
            }
        }
    }

    /// <summary>What is due, unless it cannot be read.</summary>
    private sealed class Table : IUploadWork
    {
        public required IReadOnlyList<long> Due { get; set; }

        public int Fails { get; init; }

        public int Looks { get; private set; }

        public Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

        public Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken) =>
            ++Looks <= Fails ? Task.FromException<IReadOnlyList<long>>(new InvalidOperationException("The database is down.")) : Task.FromResult(Due);
    }
}
