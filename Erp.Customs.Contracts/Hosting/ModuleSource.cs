using System.Reflection;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>Where a module's code comes from: a folder, or the host's own references.</summary>
internal abstract class ModuleSource(string id)
{
    /// <summary>The module's id.</summary>
    public string Id { get; } = id;

    /// <summary>The manifest as last read.</summary>
    public abstract ModuleManifest Manifest { get; }

    /// <summary>Where its templates, migrations and wwwroot stand.</summary>
    public abstract string Directory { get; }

    /// <summary>Reads the manifest again and loads the code, once per version.</summary>
    /// <exception cref="ModuleConfigurationException">The manifest or what it names is wrong.</exception>
    public abstract ModuleCode Load();
}

/// <summary>A module's code, loaded and constructed once.</summary>
/// <param name="Module">The one instance.</param>
/// <param name="Assembly">Holds the module's pages and controllers.</param>
internal sealed record ModuleCode(IErpModule Module, Assembly Assembly);

/// <summary>A module that the host references.</summary>
internal sealed class ReferencedModule(ModuleManifest manifest, string directory, Func<IErpModule> create) : ModuleSource(manifest.Id)
{
    private ModuleCode? _code;

    public override ModuleManifest Manifest => manifest;

    public override string Directory => directory;

    public override ModuleCode Load()
    {
        if (_code is null)
        {
            var module = create();
            _code = new(module, module.GetType().Assembly);
        }

        return _code;
    }
}

/// <summary>A module in a folder of its own. A folder whose manifest names another version is loaded anew, beside what was loaded before.</summary>
internal sealed class FolderModule(string directory) : ModuleSource(Path.GetFileName(directory))
{
    private ModuleManifest _manifest = ModuleFolder.Unreadable(Path.GetFileName(directory));
    private ModuleCode? _code;
    private string? _loadedVersion;
    private DateTime _readAt;

    /// <summary>Whether the manifest has been written since it was read.</summary>
    public bool HasChanged => _readAt != ModuleFolder.WrittenAt(directory);

    public override ModuleManifest Manifest => _manifest;

    public override string Directory => directory;

    public override ModuleCode Load()
    {
        _readAt = ModuleFolder.WrittenAt(directory);
        _manifest = ModuleFolder.ReadManifest(directory);
        if (_code is null || !string.Equals(_loadedVersion, _manifest.Version, StringComparison.Ordinal))
        {
            _code = ModuleLoadContext.Load(_manifest, directory);
            _loadedVersion = _manifest.Version;
        }

        return _code;
    }
}
