using System.Collections.Concurrent;
using System.Threading.Channels;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// Finds in the table which orders at the bridge are due and has them worked on, a few at a time. It looks each time that it is woken: by Quartz every second (<see cref="BridgePolling"/>),
/// and at once when something new is due.
/// </summary>
internal sealed class BridgeSweep(BridgeWork work, ILogger<BridgeSweep> logger) : BackgroundService
{
    /// <summary>Calls to the bridge at the same time. The default value is 8.</summary>
    private const int Workers = 8;

    /// <summary>Ids in one look. The default value is 200.</summary>
    private const int SweepLimit = 200;

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<long> _due = Channel.CreateBounded<long>(new BoundedChannelOptions(SweepLimit) { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentDictionary<long, bool> _underWay = new();

    /// <summary>Something is due. Returns at once.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FindAsync(stoppingToken), WorkAsync(stoppingToken));

    private async Task FindAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await SweepAsync(stoppingToken);
                await _wakes.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogDebug("The bridge's sweep ends with the module");
        }
        finally
        {
            _due.Writer.Complete();
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var id in await work.DueAsync(SweepLimit, stoppingToken))
            {
                if (_underWay.TryAdd(id, true))
                {
                    await _due.Writer.WriteAsync(id, stoppingToken);
                }
            }
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogError(problem, "The sweep could not read which orders at the bridge are due; it looks again within a second");
        }
    }

    /// <summary>What is under way when the module stops is finished; what was only found is found again at the next start.</summary>
    private Task WorkAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _due.Reader.ReadAllAsync(CancellationToken.None), new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (id, _) =>
        {
            try
            {
                while (!stoppingToken.IsCancellationRequested && await work.RunAsync(id, stoppingToken))
                {
                }
            }
            catch (Exception problem)
            {
                logger.LogError(problem, "Order {BridgeOrderId} at the bridge could not be claimed or saved; it is tried again", id);
            }
            finally
            {
                _underWay.TryRemove(id, out bool _);
            }
        });
}
