namespace Erp.Customs.Contracts.Hosting;

/// <summary>The modules of this ERP: what is there, how it stands, switching on and off without a restart.</summary>
public interface IErpModules
{
    /// <summary>Every module found, running or not, by id.</summary>
    IReadOnlyList<ModuleStatus> All { get; }

    /// <summary>A service of a running module by its contract, e.g. <see cref="ICustoms"/>; <see langword="null"/> while no running module has it.</summary>
    /// <typeparam name="T">A type of this assembly.</typeparam>
    T? Find<T>() where T : class;

    /// <summary>Starts a module and remembers that it is on. A module that cannot start is left as failed, with the reason; nothing is thrown.</summary>
    /// <param name="id">The module's id.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>How it stands then.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    Task<ModuleStatus> EnableAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops a module, requests drained, and remembers that it is off. Its data stays.</summary>
    /// <param name="id">The module's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it stands then.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    Task<ModuleStatus> DisableAsync(string id, CancellationToken cancellationToken);

    /// <summary>Brings the database of a module that does not run up to date, or only says what would be done.</summary>
    /// <param name="id">The module's id.</param>
    /// <param name="dryRun">Changes nothing.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The steps, in order; empty when the database is up to date.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    /// <exception cref="ModuleConfigurationException">The module is not set up, runs, or its database cannot be used.</exception>
    Task<IReadOnlyList<string>> MigrateAsync(string id, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Asks a running module for its lights; empty while it does not run.</summary>
    /// <param name="id">The module's id.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    Task<IReadOnlyList<SelfCheck>> CheckAsync(string id, CancellationToken cancellationToken);

    /// <summary>Why a module's data must not be removed now, in one sentence; <see langword="null"/> when it may. While it does not run, the sentence says that it has to.</summary>
    /// <param name="id">The module's id.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    Task<string?> WhyKeepAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// 停用并保留档案: has a running module leave what somebody needs who reads its data without the ERP, stops it, and remembers that it is off. Its folder may be taken out of the ERP then; its data stay.
    /// </summary>
    /// <param name="id">The module's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Where the data stand and how they are read; <see langword="null"/> when the module has none. While it does not run, the sentence says that it has to.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    Task<string?> DetachAsync(string id, CancellationToken cancellationToken);

    /// <summary>Has a service of a module that does not run read the module's data: nothing of the module is started, nobody is called.</summary>
    /// <typeparam name="TService">A type of this assembly that the module has, e.g. <see cref="ICustoms"/>.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="id">The module's id.</param>
    /// <param name="work">What to read.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    /// <exception cref="ModuleConfigurationException">The module is not set up, runs, or its data cannot be used.</exception>
    Task<TResult> ReadAsync<TService, TResult>(string id, Func<TService, Task<TResult>> work, CancellationToken cancellationToken)
        where TService : class;

    /// <summary>Looks into the modules' folder again: a new folder appears as a disabled module, one that is gone and not running disappears.</summary>
    void Discover();
}

/// <summary>How a module stands.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="State">Whether it runs.</param>
/// <param name="Sentence">Why it failed, in one language or as <c>中文 | English</c>; empty otherwise.</param>
/// <param name="BasePath">Where it answers; empty when that could not be read.</param>
/// <param name="Menu">Its menu entries while it runs.</param>
/// <param name="Permissions">Its permissions; empty when it could not be loaded.</param>
public sealed record ModuleStatus(
    ModuleManifest Manifest,
    ModuleState State,
    string Sentence,
    string BasePath,
    IReadOnlyList<MenuEntry> Menu,
    IReadOnlyList<Permission> Permissions);

/// <summary>Whether a module runs.</summary>
public enum ModuleState
{
    /// <summary>Off.</summary>
    Disabled,

    /// <summary>On its way up or down.</summary>
    Changing,

    /// <summary>On.</summary>
    Running,

    /// <summary>Should be on, but could not start.</summary>
    Failed,
}
