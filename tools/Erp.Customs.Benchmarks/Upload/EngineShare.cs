using System.Collections.Concurrent;
using System.Diagnostics;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>A job engine with nothing to do but to start work that does nothing: what of an answer's time is the engine's.</summary>
internal sealed class EngineShare : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Work _work;
    private long _next;

    private EngineShare(IHost host, Work work) => (_host, _work) = (host, work);

    /// <summary>The engine's name.</summary>
    public string Name => _host.Services.GetRequiredService<IUploadEngine>().Name;

    public static async Task<EngineShare> StartAsync(JobEngineChoice engine)
    {
        var work = new Work();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IUploadWork>(work);
        builder.Services.AddSingleton<IUploadRecord>(work);
        builder.Services.AddJobs(TimeProvider.System);
        builder.Services.PreferHangfire(_ => new JobsDatabase(EngineNames.Sqlite, Source: null), engine);
        var host = builder.Build();
        await host.StartAsync();
        return new EngineShare(host, work);
    }

    /// <summary>Hands ids over at a steady rate, as the relay does.</summary>
    public async Task<EngineRound> RunAsync(int perSecond, TimeSpan duration)
    {
        var engine = _host.Services.GetRequiredService<IUploadEngine>();
        var begun = new List<Task<double>>();
        var (speed, started) = (Speed.Start(), Stopwatch.GetTimestamp());
        while (TimeSpan.FromSeconds(begun.Count / (double)perSecond) is var due && due < duration)
        {
            if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            var id = ++_next;
            begun.Add(_work.ExpectAsync(id));
            await engine.EnqueueAsync(id, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        var times = await Task.WhenAll(begun).WaitAsync(TimeSpan.FromMinutes(1));
        return new(times, speed.Of(times.Length).Processor);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Work : IUploadWork, IUploadRecord
    {
        private readonly ConcurrentDictionary<long, (long HandedOver, TaskCompletionSource<double> Begun)> _expected = new();

        public Task<double> ExpectAsync(long id)
        {
            var begun = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
            _expected[id] = (Stopwatch.GetTimestamp(), begun);
            return begun.Task;
        }

        public Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken)
        {
            if (_expected.TryRemove(requestId, out var one))
            {
                one.Begun.TrySetResult(Stopwatch.GetElapsedTime(one.HandedOver).TotalMilliseconds);
            }

            return Task.FromResult<DateTimeOffset?>(null);
        }

        public Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<long>>([]);

        public Task<UploadStanding?> FindAsync(long requestId, CancellationToken cancellationToken) => Task.FromResult<UploadStanding?>(null);

        public Task<IReadOnlyList<UploadStanding>> FailedAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UploadStanding>>([]);
    }
}

/// <summary>One round.</summary>
/// <param name="Milliseconds">From each handing over to the beginning of the work.</param>
/// <param name="Processor">Microseconds of processor time of this process for one.</param>
internal sealed record EngineRound(IReadOnlyList<double> Milliseconds, double Processor);
