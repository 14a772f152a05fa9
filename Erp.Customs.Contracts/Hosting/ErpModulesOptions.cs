using System.Diagnostics.CodeAnalysis;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>Where a host's modules stand and where they may write.</summary>
public sealed class ErpModulesOptions
{
    private readonly List<ModuleSource> _referenced = [];

    /// <summary>
    /// Folder with one folder per module, each with a <c>module.json</c>.
    /// The default value is the setting <c>Modules:Directory</c> or, without it, <c>modules</c> beside the application.
    /// </summary>
    public string? ModulesDirectory { get; set; }

    /// <summary>Folder that outlives new versions of host and modules. Holds <c>modules.json</c> and a folder for each module. The default value is ./data.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>How long disabling waits for requests that a module is still answering. The default value is 30 seconds.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a module may take for its self-check. The default value is 10 seconds.</summary>
    public TimeSpan CheckLimit { get; set; } = TimeSpan.FromSeconds(10);

    internal IReadOnlyList<ModuleSource> Referenced => _referenced;

    /// <summary>Adds a module that the host references: it runs in the host's own load context and wins over a folder with the same id.</summary>
    /// <typeparam name="T">The module.</typeparam>
    /// <param name="manifest">What would stand in its <c>module.json</c>.</param>
    /// <param name="moduleDirectory">Where its templates, migrations and wwwroot stand.</param>
    public ErpModulesOptions AddModule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(ModuleManifest manifest, string moduleDirectory)
        where T : IErpModule, new()
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _referenced.Add(new ReferencedModule(manifest, Path.GetFullPath(moduleDirectory), static () => new T()));
        return this;
    }
}
