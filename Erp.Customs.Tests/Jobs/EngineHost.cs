using System.Collections.Concurrent;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Jobs;

/// <summary>The jobs room in a host of its own, with work that a test writes.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private EngineHost(IHost host, RecordedWork work, LogTrap log) => (_host, Work, Log) = (host, work, log);

    public RecordedWork Work { get; }

    public LogTrap Log { get; }

    public IServiceProvider Services => _host.Services;

    public IUploadEngine Engine => Services.GetRequiredService<IUploadEngine>();

    /// <summary>Starts it.</summary>
    /// <param name="add">Registers the engine.</param>
    /// <param name="run">What the work does; <see langword="null"/> for nothing.</param>
    public static async Task<EngineHost> StartAsync(Action<IServiceCollection> add, Func<long, CancellationToken, Task<DateTimeOffset?>>? run = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new LogTrap();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton(TimeProvider.System);
        var work = new RecordedWork(run ?? ((_, _) => Task.FromResult<DateTimeOffset?>(null)));
        builder.Services.AddSingleton<IUploadWork>(work);
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host, work, log);
    }

    public Task EnqueueAsync(long id, DateTimeOffset? dueAt = null) => Engine.EnqueueAsync(id, dueAt ?? TimeProvider.System.GetUtcNow(), CancellationToken.None);

    public async Task StopAsync()
    {
        _stopped = true;
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await _host.StopAsync();
        }

        _host.Dispose();
    }
}

/// <summary>Writes down which ids were run when. Nothing is due by itself unless a test says so, so that only the engine drives.</summary>
internal sealed class RecordedWork(Func<long, CancellationToken, Task<DateTimeOffset?>> run) : IUploadWork
{
    private readonly ConcurrentQueue<(long Id, DateTimeOffset At)> _runs = new();

    public IReadOnlyList<(long Id, DateTimeOffset At)> Runs => [.. _runs];

    public int Count(long id) => _runs.Count(run => run.Id == id);

    /// <summary>What the table says is due.</summary>
    public Func<IReadOnlyList<long>> Due { get; set; } = () => [];

    public Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken) => Task.FromResult(Due());

    public Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken)
    {
        _runs.Enqueue((requestId, TimeProvider.System.GetUtcNow()));
        return run(requestId, cancellationToken);
    }

    /// <summary>Waits until an id was run so often.</summary>
    public async Task WaitAsync(long id, int times = 1)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (Count(id) < times)
            {
                await Task.Delay(5, limit.Token);
            }
        }
        catch (OperationCanceledException tooLong)
        {
            throw new TimeoutException($"{id} ran {Count(id)} times and not {times}.", tooLong);
        }
    }
}
