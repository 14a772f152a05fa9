using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Contracts;

/// <summary>
/// A module that an ERP loads. There is one implementation per module, created once without arguments inside the module's own load context.
/// </summary>
/// <remarks>
/// The life of a module: <see cref="ConfigureServices"/>, <see cref="Configure"/> and <see cref="StartAsync"/> at each enabling, in that order;
/// <see cref="StopAsync"/> at each disabling, after which the services are disposed. Everything that a module holds lives in its services:
/// it is built anew each time, so that a changed setting takes effect by disabling and enabling.
/// A module that throws from any of these leaves the host running. The host shows the sentence of a <see cref="ModuleConfigurationException"/> as it is;
/// of any other exception it shows the type, and the log has the rest.
/// </remarks>
public interface IErpModule
{
    /// <summary>What the module may allow a user to do. The host offers these when roles are edited; nothing is granted by default.</summary>
    IReadOnlyList<Permission> Permissions { get; }

    /// <summary>Entries for the host's menu, already under the base path.</summary>
    /// <param name="configuration">The host's configuration.</param>
    IReadOnlyList<MenuEntry> Menu(IConfiguration configuration);

    /// <summary>The path under which every request belongs to this module, e.g. <c>/customs</c>: begins with a slash, ends without one.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="ModuleConfigurationException">The setting does not have that shape.</exception>
    string BasePath(IConfiguration configuration);

    /// <summary>Registers the module's services in a container of its own.</summary>
    /// <param name="services">Holds logging, configuration, <see cref="TimeProvider"/> and the ports that the host fills; see <see cref="HostPorts"/>.</param>
    /// <param name="context">Where the module stands and what it may write to.</param>
    /// <exception cref="ModuleConfigurationException">A setting is missing or wrong; the message is one sentence that names it.</exception>
    void ConfigureServices(IServiceCollection services, ModuleContext context);

    /// <summary>Builds the pipeline for requests under the base path. <c>PathBase</c> already ends with it.</summary>
    /// <param name="app">The branch; its services are the module's own.</param>
    void Configure(IApplicationBuilder app);

    /// <summary>Brings the module's database up to date without starting the module, or only says what would be done. A module without a database does nothing.</summary>
    /// <param name="services">The module's container; nothing of it has been started.</param>
    /// <param name="dryRun">Changes nothing.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The steps, in order; empty when the database is up to date.</returns>
    Task<IReadOnlyList<string>> MigrateAsync(IServiceProvider services, bool dryRun, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Called before the first request: migrations, self tests. Hosted services of the container start after it.</summary>
    /// <param name="services">The module's container.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task StartAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Called when the module or the host is about to stop, before requests are drained: whatever request waits for something to happen should be answered now. It may be called more than once.</summary>
    /// <param name="services">The module's container.</param>
    void Stopping(IServiceProvider services)
    {
    }

    /// <summary>Called when requests are drained and hosted services have stopped. Data stays as it is.</summary>
    /// <param name="services">The module's container, still alive.</param>
    /// <param name="cancellationToken">Ends the wait, not the module's duty to leave its data whole.</param>
    Task StopAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>The lights on the module screen: one line for each thing that must work.</summary>
    /// <param name="services">The container of the running module.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
    Task<IReadOnlyList<SelfCheck>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Answers a request under the base path while the module is not running, in a form that its callers understand.</summary>
    /// <param name="http">The request; <c>PathBase</c> already ends with the base path.</param>
    /// <param name="refusal">Why the module does not run.</param>
    Task RefuseAsync(HttpContext http, ModuleRefusal refusal);

    /// <summary>
    /// Makes the module's data readable without starting the module, for <see cref="Hosting.IErpModules.ReadAsync{TService, TResult}"/>: nothing runs, nobody is called. A module without data does nothing.
    /// </summary>
    /// <param name="services">The module's container; nothing of it has been started.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task OpenAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Called before the module is taken out of the ERP although its data must stay (停用并保留档案): leaves beside the data what somebody needs who reads them without the ERP.
    /// The module is stopped right after.
    /// </summary>
    /// <param name="services">The container of the running module.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Where the data stand and how they are read, <c>中文 | English</c>; <see langword="null"/> when there are none that outlive the module.</returns>
    Task<string?> DetachAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Why the module's data must not be removed now, in one sentence; <see langword="null"/> when it may.</summary>
    /// <param name="services">The container of the running module.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<string?> WhyKeepAsync(IServiceProvider services, CancellationToken cancellationToken);
}

/// <summary>Why a module does not answer.</summary>
public enum ModuleRefusal
{
    /// <summary>A person switched it off.</summary>
    Disabled,

    /// <summary>It is starting or stopping.</summary>
    Changing,

    /// <summary>It could not start; the module screen shows why.</summary>
    Failed,
}

/// <summary>What a module may rely on while its services are registered.</summary>
/// <param name="Manifest">The module's <c>module.json</c>.</param>
/// <param name="ModuleDirectory">The folder that the module was loaded from: templates, migrations and wwwroot stand in it. Not to be written to.</param>
/// <param name="DataDirectory">A folder of the module's own that outlives new versions of it.</param>
/// <param name="Configuration">The host's configuration, root.</param>
public sealed record ModuleContext(ModuleManifest Manifest, string ModuleDirectory, string DataDirectory, IConfiguration Configuration);

/// <summary>A setting is missing or wrong. The message is one sentence: the setting's name, its value's shape, what is allowed. It never holds a secret's value.</summary>
public sealed class ModuleConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The sentence.</param>
    public ModuleConfigurationException(string message) : base(message) { }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">What was thrown underneath.</param>
    public ModuleConfigurationException(string message, Exception innerException) : base(message, innerException) { }
}
