using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Jobs;

/// <summary>
/// Hands ids to the engine right after their commit, so that nobody who commits ever waits for an engine.
/// What does not get through here (a full queue, no <see cref="UploadRoom"/>, an engine that is down, a process that dies) is found by <see cref="UploadSweep"/>.
/// </summary>
internal sealed class UploadRelay(IUploadEngine engine, UploadRoom room, TimeProvider time, ILogger<UploadRelay> logger) : BackgroundService
{
    /// <summary>Ids waiting for the engine. The default value is 10,000.</summary>
    private const int QueueLimit = 10_000;

    private readonly Channel<long> _ids = Channel.CreateBounded<long>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Returns at once.</summary>
    public void Offer(long requestId) => _ids.Writer.TryWrite(requestId);

    /// <summary>Returns at once.</summary>
    public void Offer(IEnumerable<long> requestIds)
    {
        foreach (var id in requestIds)
        {
            Offer(id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in _ids.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (room.TryTake(id))
                {
                    await engine.EnqueueAsync(id, time.GetUtcNow(), stoppingToken);
                }
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(problem, "The job engine {Engine} did not take request {RequestId}; the sweep will offer it again", engine.Name, id);
            }
        }
    }
}
