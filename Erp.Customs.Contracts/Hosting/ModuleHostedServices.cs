using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>A module's hosted services: started in order, watched, stopped in reverse. One that dies takes neither the module nor the host with it.</summary>
internal sealed class ModuleHostedServices(string moduleId, IReadOnlyList<IHostedService> services, ILogger logger)
{
    private readonly ConcurrentQueue<string> _dead = new();
    private readonly List<IHostedService> _started = [];
    private volatile bool _stopping;

    /// <summary>Background services that ended with an exception, by type and exception type.</summary>
    public IReadOnlyCollection<string> Dead => _dead;

    /// <summary>Starts all; when one throws, those before it have to be stopped.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in services.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(cancellationToken);
        }

        foreach (var service in services)
        {
            _started.Add(service);
            await service.StartAsync(cancellationToken);
            if (service is BackgroundService { ExecuteTask: { } work })
            {
                _ = WatchAsync(service.GetType().Name, work);
            }
        }

        foreach (var service in services.OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(cancellationToken);
        }
    }

    /// <summary>Stops those that were started, in reverse. What they throw is logged.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _started.Reverse();
        var lifecycle = _started.OfType<IHostedLifecycleService>().ToList();
        foreach (var service in lifecycle)
        {
            await StopOneAsync(service, service.StoppingAsync, cancellationToken);
        }

        foreach (var service in _started)
        {
            await StopOneAsync(service, service.StopAsync, cancellationToken);
        }

        foreach (var service in lifecycle)
        {
            await StopOneAsync(service, service.StoppedAsync, cancellationToken);
        }
    }

    private async Task StopOneAsync(IHostedService service, Func<CancellationToken, Task> stop, CancellationToken cancellationToken)
    {
        try
        {
            await stop(cancellationToken);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Module {Module}: {Service} threw while it was stopped.", moduleId, service.GetType().Name);
        }
    }

    private async Task WatchAsync(string name, Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_stopping)
        {
            // The usual end.
        }
        catch (Exception exception)
        {
            _dead.Enqueue($"{name} ({exception.GetType().Name})");
            logger.LogCritical(exception, "Module {Module}: background service {Service} has died and stays dead until the module is disabled and enabled.", moduleId, name);
        }
    }
}
