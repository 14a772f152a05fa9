using Microsoft.Extensions.Hosting;

namespace Erp.Sample.Module;

/// <summary>A background service that runs until it is stopped or told to die.</summary>
internal sealed class Pulse : BackgroundService
{
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it runs.</summary>
    public bool Beats => ExecuteTask is { IsCompleted: false };

    /// <summary>Makes it throw.</summary>
    public void Die() => _death.TrySetException(new InvalidTimeZoneException("told to die"));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _death.Task.WaitAsync(stoppingToken);
}
