using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Host.Users;

namespace Erp.Customs.Host.Web;

/// <summary>The side menu: what the running modules offer and the user may see.</summary>
internal sealed class HostMenu(IErpModules modules, IErpUsers users, IHttpContextAccessor accessor)
{
    private static readonly MenuEntry _modules = new("/admin/modules", "模块管理", "Modules", HostPermissions.Modules.Key);

    /// <summary>Who looks at it.</summary>
    public ErpUser? User { get; } = accessor.HttpContext is { } http ? users.Current(http) : null;

    /// <summary>Groups in order, none of them empty.</summary>
    public IReadOnlyList<MenuGroup> Groups =>
    [
        .. modules.All.Select(module => new MenuGroup(module.Manifest.Name, module.Manifest.NameEn, Visible(module.Menu)))
            .Append(new MenuGroup("系统管理", "System", Visible([_modules])))
            .Where(group => group.Entries.Count > 0),
    ];

    private IReadOnlyList<MenuEntry> Visible(IReadOnlyList<MenuEntry> entries) =>
        User is null ? [] : [.. entries.Where(entry => User.Permissions.Contains(entry.Permission))];
}

/// <summary>A part of the menu.</summary>
/// <param name="Title">Chinese heading.</param>
/// <param name="TitleEn">English heading.</param>
/// <param name="Entries">What it offers.</param>
internal sealed record MenuGroup(string Title, string TitleEn, IReadOnlyList<MenuEntry> Entries);
