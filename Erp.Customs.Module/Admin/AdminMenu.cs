using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Admin;

/// <summary>The module's screens, as the host's menu and the module's own navigation list them.</summary>
internal static class AdminMenu
{
    private static readonly (string Path, string Zh, string En)[] s_screens =
    [
        ("/admin", "海关总览", "Customs overview"),
        ("/admin/requests", "海关请求", "Customs' requests"),
        ("/admin/orders", "订单与支付", "Orders and payments"),
        ("/admin/signing", "签名与证书", "Signing and certificates"),
        ("/admin/evidence", "证据", "Evidence"),
        ("/admin/retention", "保留与保全", "Retention and holds"),
        ("/admin/completeness", "完整性核对", "Completeness"),
        ("/admin/alerts", "告警", "Alerts"),
        ("/admin/templates", "模板", "Templates"),
        ("/admin/settings", "参数设置", "Settings"),
        ("/admin/operations", "操作日志", "Operation log"),
    ];

    /// <summary>Screens that another one leads to.</summary>
    private static readonly (string Path, string Zh, string En)[] s_behind =
    [
        ("/admin/import", "导入支付数据", "Import of payments"),
        ("/admin/exports", "导出", "Exports"),
    ];

    /// <summary>Entries for a menu.</summary>
    public static IEnumerable<MenuEntry> Entries(string basePath) => s_screens.Select(screen => new MenuEntry(basePath + screen.Path, screen.Zh, screen.En, CustomsPermissions.View));

    /// <summary>What the screens of a folder of this room are called; the overview for none.</summary>
    public static (string Zh, string En) TitleOf(string folder)
    {
        var path = $"/admin/{folder.ToLowerInvariant()}".TrimEnd('/');
        var screen = s_screens.Concat(s_behind).FirstOrDefault(one => one.Path == path);
        return (screen.Zh ?? folder, screen.En ?? folder);
    }
}
