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
    ];

    /// <summary>Entries for a menu.</summary>
    public static IEnumerable<MenuEntry> Entries(string basePath) => s_screens.Select(screen => new MenuEntry(basePath + screen.Path, screen.Zh, screen.En, CustomsPermissions.View));
}
