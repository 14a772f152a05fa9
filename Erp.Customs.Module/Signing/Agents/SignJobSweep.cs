using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>Removes texts that a node has left behind when it died: they are personal data for which nobody waits.</summary>
internal sealed class SignJobSweep(SignJobTable jobs, TimeProvider time, ILogger<SignJobSweep> logger) : BackgroundService
{
    /// <summary>Between two sweeps. The default value is 30 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await jobs.SweepAsync();
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(problem, "Texts that wait for no signature any more could not be removed; tried again in {Seconds} s", Interval.TotalSeconds);
            }
        }
    }
}
