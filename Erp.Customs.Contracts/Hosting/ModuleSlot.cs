using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>One module of the host: how it stands, and switching it, one switch at a time.</summary>
internal sealed class ModuleSlot(ModuleSource source, ModuleSurroundings surroundings) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ILogger _logger = surroundings.Logger;
    private volatile ModuleStatus _status = new(source.Manifest, ModuleState.Disabled, "", "", [], []);
    private volatile RunningModule? _running;
    private volatile IErpModule? _module;

    /// <summary>The module's id.</summary>
    public string Id => source.Id;

    /// <summary>Where its code comes from.</summary>
    public ModuleSource Source => source;

    /// <summary>How it stands.</summary>
    public ModuleStatus Status => _status with { BasePath = surroundings.Routes.PathOf(this) };

    /// <summary>Whether it runs.</summary>
    public ModuleState State => _status.State;

    /// <summary>What runs, if it runs.</summary>
    public RunningModule? Running => _running;

    /// <summary>
    /// Loads the code of a module that is off, so that requests under its base path get the module's own refusal.
    /// What is wrong with it is logged, and shown as soon as somebody switches it on; a manifest that cannot be read is shown at once.
    /// </summary>
    public void Inspect()
    {
        // Whoever holds the gate is switching the module and will describe it.
        if (!_gate.Wait(0))
        {
            return;
        }

        try
        {
            _status = _status with { State = ModuleState.Disabled, Sentence = "" };
            Describe();
        }
        catch (Exception exception)
        {
            surroundings.Routes.Unmap(this);
            _logger.LogWarning(exception, "Module {Module} is disabled and could not be looked at: {Type}: {Message}", Id, exception.GetType().Name, exception.Message);
            if (source.Manifest.Version.Length == 0)
            {
                _status = _status with { State = ModuleState.Failed, Sentence = exception.Message };
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts the module; what it throws becomes its status.</summary>
    public async Task<ModuleStatus> EnableAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_running is null)
            {
                await StartAsync(cancellationToken);
            }

            return Status;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the module.</summary>
    /// <param name="turn">Ends the wait for another switch of this module.</param>
    /// <param name="patience">Shortens the wait for requests and jobs; the module is stopped all the same.</param>
    public async Task<ModuleStatus> DisableAsync(CancellationToken turn, CancellationToken patience)
    {
        await _gate.WaitAsync(turn);
        try
        {
            if (await StopAsync(patience))
            {
                _logger.LogInformation("Module {Module} is disabled.", Id);
            }

            _status = _status with { State = ModuleState.Disabled, Sentence = "", Menu = [] };
            return Status;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the module and starts it again, unless it was switched off meanwhile; what it throws becomes its status.</summary>
    public async Task RestartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (await StopAsync(CancellationToken.None))
            {
                await StartAsync(CancellationToken.None);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Builds the module and has it bring its database up to date; nothing of it is started.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(bool dryRun, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_running is not null)
            {
                throw new ModuleConfigurationException($"Module {Id} runs: its database was brought up to date when it started.");
            }

            var code = Describe();
            await using var built = await RunningModule.BuildAsync(surroundings.Host, code, Context(), _ => { }, _logger);
            return await code.Module.MigrateAsync(built.Services, dryRun, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Builds the module and has one of its services read its data; nothing of it is started.</summary>
    public async Task<TResult> ReadAsync<TService, TResult>(Func<TService, Task<TResult>> work, CancellationToken cancellationToken)
        where TService : class
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_running is not null)
            {
                throw new ModuleConfigurationException($"Module {Id} runs: ask the running module.");
            }

            var code = Describe();
            await using var built = await RunningModule.BuildAsync(surroundings.Host, code, Context(), _ => { }, _logger);
            await code.Module.OpenAsync(built.Services, cancellationToken);
            return await work(built.Services.GetRequiredService<TService>());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Answers a request under the module's base path.</summary>
    public async Task InvokeAsync(HttpContext http, PathString basePath, PathString rest)
    {
        var running = _running;
        if (running is null || !running.TryEnter())
        {
            await RefuseAsync(http, basePath, rest);
            return;
        }

        try
        {
            await running.InvokeAsync(http, basePath, rest);
        }
        finally
        {
            running.Leave();
        }
    }

    /// <summary>Asks the running module something, which keeps it from being stopped meanwhile.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="notRunning">The answer while it does not run.</param>
    public async Task<T> AskAsync<T>(Func<RunningModule, Task<T>> ask, T notRunning)
    {
        var running = _running;
        if (running is null || !running.TryEnter())
        {
            return notRunning;
        }

        try
        {
            return await ask(running);
        }
        finally
        {
            running.Leave();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> StopAsync(CancellationToken patience)
    {
        if (_running is not { } running)
        {
            return false;
        }

        _status = _status with { State = ModuleState.Changing, Menu = [] };
        _running = null;
        await running.StopAsync(surroundings.DrainLimit, surroundings.Time, patience);
        return true;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var stage = "Load";
        RunningModule? starting = null;
        _status = _status with { State = ModuleState.Changing, Sentence = "" };
        try
        {
            var code = Describe();
            stage = nameof(IErpModule.Menu);
            var menu = code.Module.Menu(surroundings.Configuration);
            starting = await RunningModule.BuildAsync(surroundings.Host, code, Context(), now => stage = now, _logger);
            await starting.StartAsync(now => stage = now, cancellationToken);
            _running = starting;
            _status = _status with { State = ModuleState.Running, Menu = menu };
            _logger.LogInformation("Module {Module} {Version} answers under {BasePath}.", Id, source.Manifest.Version, Status.BasePath);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Module {Module} could not be started ({Stage}): {Type}: {Message}", Id, stage, exception.GetType().Name, exception.Message);
            if (starting is not null)
            {
                await starting.StopAsync(TimeSpan.Zero, surroundings.Time, CancellationToken.None);
            }

            _status = _status with { State = ModuleState.Failed, Sentence = ModuleFailure.Sentence(stage, exception) };
        }
    }

    private ModuleContext Context()
    {
        var context = new ModuleContext(source.Manifest, source.Directory, Path.Combine(surroundings.DataDirectory, source.Manifest.Id), surroundings.Configuration);
        OwnerOnly.CreateDirectory(context.DataDirectory);
        return context;
    }

    // What is known of a module without running it.
    private ModuleCode Describe()
    {
        try
        {
            var code = source.Load();
            _module = code.Module;
            _status = _status with { Permissions = code.Module.Permissions };
            surroundings.Routes.Map(this, code.Module.BasePath(surroundings.Configuration));
            return code;
        }
        finally
        {
            _status = _status with { Manifest = source.Manifest };
        }
    }

    private async Task RefuseAsync(HttpContext http, PathString basePath, PathString rest)
    {
        var refusal = _status.State switch
        {
            ModuleState.Disabled => ModuleRefusal.Disabled,
            ModuleState.Failed => ModuleRefusal.Failed,
            _ => ModuleRefusal.Changing,
        };
        var host = HostRequest.HandOver(http, http.RequestServices, basePath, rest);
        try
        {
            await _module!.RefuseAsync(http, refusal);
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            _logger.LogError(exception, "Module {Module} threw in {Stage}.", Id, nameof(IErpModule.RefuseAsync));
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        finally
        {
            host.TakeBack();
        }
    }
}

/// <summary>What every module of a host shares.</summary>
internal sealed record ModuleSurroundings(
    IServiceProvider Host, IConfiguration Configuration, string DataDirectory, TimeSpan DrainLimit, TimeProvider Time, ModuleRoutes Routes, ILogger Logger);
