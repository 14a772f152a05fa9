using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>Which module answers under which base path; the longest wins.</summary>
internal sealed class ModuleRoutes
{
    private readonly Lock _gate = new();
    private volatile Route[] _routes = [];

    /// <summary>Gives a base path to a module, which leaves the one it had. A path that only a disabled module holds changes hands.</summary>
    /// <exception cref="ModuleConfigurationException">The path has the wrong shape, or another module answers there.</exception>
    public void Map(ModuleSlot module, string basePath)
    {
        if (basePath is not { Length: > 1 } || basePath[0] != '/' || basePath[^1] == '/' || basePath.Contains("//", StringComparison.Ordinal)
            || basePath.AsSpan().ContainsAny('?', '#', '%'))
        {
            throw new ModuleConfigurationException(
                $"模块 {module.Id} 的基础路径须以 / 开头、不以 / 结尾且不含 ?、#、%，例如 /customs | Base path of {module.Id}: it must begin with a slash, end without one and hold no ?, # or %, for example /customs");
        }

        lock (_gate)
        {
            var held = Array.Find(_routes, route => route.BasePath.Equals(basePath, StringComparison.OrdinalIgnoreCase) && route.Module != module);
            if (held is not null && held.Module.State != ModuleState.Disabled)
            {
                throw new ModuleConfigurationException(
                    $"模块 {module.Id} 的基础路径 {basePath} 已由模块 {held.Module.Id} 占用 | Base path of {module.Id}: {basePath} is already answered by {held.Module.Id}");
            }

            _routes = [.. _routes.Where(route => route != held && route.Module != module).Append(new(basePath, module)).OrderByDescending(route => route.BasePath.Value!.Length)];
        }
    }

    /// <summary>The base path of a module; empty when it has none.</summary>
    public string PathOf(ModuleSlot module) => Array.Find(_routes, route => route.Module == module)?.BasePath.Value ?? "";

    /// <summary>Takes a module's base path away.</summary>
    public void Unmap(ModuleSlot module)
    {
        lock (_gate)
        {
            _routes = [.. _routes.Where(route => route.Module != module)];
        }
    }

    /// <summary>Finds the module that a path belongs to.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="basePath">Its part that is the base path, as the caller wrote it.</param>
    /// <param name="rest">What follows.</param>
    public ModuleSlot? Find(PathString path, out PathString basePath, out PathString rest)
    {
        foreach (var route in _routes)
        {
            if (path.StartsWithSegments(route.BasePath, StringComparison.OrdinalIgnoreCase, out basePath, out rest))
            {
                return route.Module;
            }
        }

        (basePath, rest) = (default, default);
        return null;
    }

    private sealed record Route(PathString BasePath, ModuleSlot Module);
}
