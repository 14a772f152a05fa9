using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The host's modules: found at start, enabled before the server listens, drained when the host stops.</summary>
internal sealed class ErpModules : IErpModules, IModuleRestart, IHostedLifecycleService, IDisposable
{
    private const string NotRunning = "只有正在运行的模块才能判断其数据是否可以移除，请先启用 | Only a running module can tell whether its data may be removed; enable it first";

    private readonly ConcurrentDictionary<string, ModuleSlot> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _discovery = new();
    private readonly ILogger<ErpModules> _logger;
    private readonly ErpModulesOptions _options;
    private readonly ModuleStateFile _states;
    private readonly ModuleSurroundings _surroundings;
    private readonly Dictionary<string, Task> _restarts = new(StringComparer.OrdinalIgnoreCase);

    public ErpModules(IServiceProvider host, IConfiguration configuration, IOptions<ErpModulesOptions> options, ILogger<ErpModules> logger)
    {
        _options = options.Value;
        _logger = logger;
        var data = Path.GetFullPath(_options.DataDirectory);
        _states = new(data, logger);
        _surroundings = new(host, configuration, data, _options.DrainLimit, host.GetService<TimeProvider>() ?? TimeProvider.System, new(), logger);
    }

    public IReadOnlyList<ModuleStatus> All => [.. _slots.Values.OrderBy(slot => slot.Id, StringComparer.OrdinalIgnoreCase).Select(slot => slot.Status)];

    private string ModulesDirectory =>
        Path.GetFullPath(_options.ModulesDirectory ?? _surroundings.Configuration["Modules:Directory"] ?? Path.Combine(AppContext.BaseDirectory, "modules"));

    public T? Find<T>() where T : class =>
        _slots.Values.Select(slot => slot.Running?.Services.GetService<T>()).FirstOrDefault(service => service is not null);

    public void Discover()
    {
        lock (_discovery)
        {
            foreach (var source in _options.Referenced)
            {
                Add(source);
            }

            var folders = ModuleFolder.Find(ModulesDirectory);
            foreach (var folder in folders)
            {
                Add(new FolderModule(folder));
            }

            foreach (var gone in _slots.Values.Where(slot => slot is { Running: null, Source: FolderModule } && !folders.Contains(slot.Source.Directory, StringComparer.Ordinal)))
            {
                _slots.TryRemove(gone.Id, out _);
                _surroundings.Routes.Unmap(gone);
            }
        }
    }

    public async Task<ModuleStatus> EnableAsync(string id, CancellationToken cancellationToken)
    {
        var slot = Slot(id);
        _states.Save(slot.Id, enabled: true);
        return await slot.EnableAsync(cancellationToken);
    }

    public async Task<ModuleStatus> DisableAsync(string id, CancellationToken cancellationToken)
    {
        var slot = Slot(id);
        _states.Save(slot.Id, enabled: false);
        return await slot.DisableAsync(cancellationToken, cancellationToken);
    }

    public bool IsOffered => true;

    // In the background: the module waits for the very request that asks to be answered.
    public void Request(string moduleId)
    {
        var slot = Slot(moduleId);
        _logger.LogInformation("Module {Module} is asked to start anew.", slot.Id);
        lock (_restarts)
        {
            if (!_restarts.TryGetValue(slot.Id, out var before) || before.IsCompleted)
            {
                _restarts[slot.Id] = Task.Run(slot.RestartAsync);
            }
        }
    }

    public Task<IReadOnlyList<string>> MigrateAsync(string id, bool dryRun, CancellationToken cancellationToken) => Slot(id).MigrateAsync(dryRun, cancellationToken);

    public async Task<string?> DetachAsync(string id, CancellationToken cancellationToken)
    {
        var slot = Slot(id);
        if (slot.Running is null)
        {
            return NotRunning;
        }

        var sentence = await slot.AskAsync(running => running.DetachAsync(cancellationToken), NotRunning);
        await DisableAsync(id, cancellationToken);
        return sentence;
    }

    public Task<TResult> ReadAsync<TService, TResult>(string id, Func<TService, Task<TResult>> work, CancellationToken cancellationToken)
        where TService : class =>
        Slot(id).ReadAsync(work, cancellationToken);

    public async Task<IReadOnlyList<SelfCheck>> CheckAsync(string id, CancellationToken cancellationToken) =>
        await Slot(id).AskAsync(running => CheckAsync(id, running, cancellationToken), []);

    public Task<string?> WhyKeepAsync(string id, CancellationToken cancellationToken) =>
        Slot(id).AskAsync(running => running.WhyKeepAsync(cancellationToken), NotRunning);

    /// <summary>Finds the module that a request belongs to.</summary>
    public ModuleSlot? Find(PathString path, out PathString basePath, out PathString rest) => _surroundings.Routes.Find(path, out basePath, out rest);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Discover();
        var atFirst = (_surroundings.Configuration["Modules:Enabled"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var unknown in atFirst.Where(id => !_slots.ContainsKey(id)))
        {
            _logger.LogWarning("Modules:Enabled names {Module}, and there is no such module in {Directory}.", unknown, ModulesDirectory);
        }

        foreach (var slot in _slots.Values.OrderBy(slot => slot.Id, StringComparer.OrdinalIgnoreCase))
        {
            if (_states[slot.Id] ?? atFirst.Contains(slot.Id, StringComparer.OrdinalIgnoreCase))
            {
                Remember(slot.Id);
                await slot.EnableAsync(cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The server waits for its requests before it stops; those that a module keeps waiting would hold it up.
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var slot in _slots.Values)
        {
            slot.Running?.Stopping();
        }

        return Task.CompletedTask;
    }

    // The server, started last, has already stopped listening. That the modules were on stays remembered.
    // A server that used up all the patience must not keep a module from leaving its data whole.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_slots.Values.Select(slot => slot.DisableAsync(CancellationToken.None, cancellationToken)));
        Task[] restarts;
        lock (_restarts)
        {
            restarts = [.. _restarts.Values];
        }

        await Task.WhenAll(restarts);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var slot in _slots.Values)
        {
            slot.Dispose();
        }
    }

    private void Add(ModuleSource source)
    {
        var slot = new ModuleSlot(source, _surroundings);
        if (_slots.TryAdd(source.Id, slot))
        {
            slot.Inspect();
            return;
        }

        slot.Dispose();
        if (_slots[source.Id] is { Running: null, Source: FolderModule { HasChanged: true } } known)
        {
            known.Inspect();
        }
    }

    // A host whose data folder cannot be written to still gets its modules; only switching them says that it cannot be remembered.
    private void Remember(string id)
    {
        try
        {
            _states.Save(id, enabled: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.LogError(exception, "That module {Module} is on cannot be remembered in {Directory}.", id, _surroundings.DataDirectory);
        }
    }

    private ModuleSlot Slot(string id) =>
        _slots.TryGetValue(id, out var slot) ? slot : throw new KeyNotFoundException($"There is no module {id}.");

    private async Task<IReadOnlyList<SelfCheck>> CheckAsync(string id, RunningModule running, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.CheckLimit, _surroundings.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await running.CheckAsync(both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [new("自检", "Self-check", SelfCheckLight.Red, "自检超时。", "The self-check took too long.")];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.LogError(exception, "Module {Module} threw in {Stage}.", id, nameof(IErpModule.CheckAsync));
            var type = exception.GetType().Name;
            return [new("自检", "Self-check", SelfCheckLight.Red, $"自检出错（{type}），详见日志。", $"The self-check threw {type}; the log tells more.")];
        }
    }
}
