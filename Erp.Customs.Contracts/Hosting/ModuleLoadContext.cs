using System.Reflection;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>
/// One version of a module in a load context of its own: these contracts and the shared framework come from the host, everything else from the module's folder.
/// Never unloaded: a module that has answered one request is held by the framework's caches for good.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly string[] _frameworkFolders =
        [.. new[] { typeof(object), typeof(HttpContext) }.Select(type => Path.GetDirectoryName(type.Assembly.Location)!).Distinct(StringComparer.Ordinal)];

    private readonly AssemblyDependencyResolver _resolver;

    private ModuleLoadContext(string name, string entryAssembly) : base(name, isCollectible: false) =>
        _resolver = new AssemblyDependencyResolver(entryAssembly);

    /// <summary>Loads a module's entry assembly and makes its entry type.</summary>
    /// <exception cref="ModuleConfigurationException">The manifest names what is not there, or not loadable.</exception>
    public static ModuleCode Load(ModuleManifest manifest, string directory)
    {
        var path = Path.Combine(directory, manifest.Assembly);
        if (!File.Exists(path))
        {
            throw new ModuleConfigurationException(Words(manifest, $"模块文件夹中没有 {manifest.Assembly}", $"there is no {manifest.Assembly} in the module's folder"));
        }

        Assembly assembly;
        try
        {
            assembly = new ModuleLoadContext($"{manifest.Id} {manifest.Version}", path).LoadFromAssemblyPath(path);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or InvalidOperationException)
        {
            throw new ModuleConfigurationException(Words(manifest, $"无法加载 {manifest.Assembly}（{exception.GetType().Name}）", $"{manifest.Assembly} cannot be loaded ({exception.GetType().Name})"), exception);
        }

        var type = assembly.GetType(manifest.EntryType)
            ?? throw new ModuleConfigurationException(Words(manifest, $"{manifest.Assembly} 中没有类型 {manifest.EntryType}", $"{manifest.Assembly} holds no type {manifest.EntryType}"));
        if (!typeof(IErpModule).IsAssignableFrom(type) || type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ModuleConfigurationException(Words(
                manifest,
                $"{manifest.EntryType} 须为实现 {nameof(IErpModule)} 且有无参构造函数的公共类",
                $"{manifest.EntryType} must be a public class that implements {nameof(IErpModule)} and has a constructor without arguments"));
        }

        return new((IErpModule)Activator.CreateInstance(type, BindingFlags.DoNotWrapExceptions | BindingFlags.Instance | BindingFlags.Public, null, null, null)!, assembly);
    }

    private static string Words(ModuleManifest manifest, string chinese, string english) =>
        $"模块 {manifest.Id} 的 module.json：{chinese} | module.json of {manifest.Id}: {english}";

    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsShared(assemblyName.Name!) ? null
        : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    // A type that host and module both speak of must be one type. The framework's folder tells what belongs to it;
    // a self-contained host keeps framework and own packages in one folder, so there the name has to tell.
    private static bool IsShared(string name) =>
        string.Equals(name, typeof(IErpModule).Assembly.GetName().Name, StringComparison.OrdinalIgnoreCase)
        || _frameworkFolders.Any(folder => File.Exists(Path.Combine(folder, name + ".dll")) && (!IsHostFolder(folder) || HasFrameworkName(name)));

    private static bool IsHostFolder(string folder) =>
        string.Equals(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), folder, StringComparison.Ordinal);

    private static bool HasFrameworkName(string name) =>
        name is "netstandard" or "mscorlib"
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
}
