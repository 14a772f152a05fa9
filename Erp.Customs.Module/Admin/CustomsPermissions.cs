using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Admin;

/// <summary>What the module's screens may allow. Nothing is granted by default.</summary>
internal static class CustomsPermissions
{
    /// <summary>See requests, orders, payments and settings; personal data masked.</summary>
    public const string View = "customs.view";

    /// <summary>Act: retry requests, push orders again and ask about them, start test uploads (联调), try signers and reopen them, try alert channels, have the archive verified.</summary>
    public const string Retry = "customs.retry";

    /// <summary>See personal data in clear: raw payment messages, evidence bundles. Each time is written down.</summary>
    public const string Clear = "customs.clear";

    /// <summary>Take lists away as files, masked as on the screen.</summary>
    public const string Export = "customs.export";

    /// <summary>Place and lift legal holds, try what retention would erase.</summary>
    public const string Retention = "customs.retention";

    /// <summary>Change the settings of the screen 参数设置 and put them into force.</summary>
    public const string Settings = "customs.settings";

    /// <summary>Try templates, publish them and go back to earlier ones.</summary>
    public const string Templates = "customs.templates";

    /// <summary>Import payments from a file.</summary>
    public const string Import = "customs.import";

    public static IReadOnlyList<Permission> All { get; } =
    [
        new(View, "查看海关请求、订单与支付（个人信息已脱敏）", "See customs' requests, orders and payments, personal data masked"),
        new(
            Retry, "重试海关请求、重推与查询订单、联调上传、测试签名与重新启用、测试告警通道、验证存证",
            "Retry customs' requests, push orders again and ask about them, start test uploads, try signers and reopen them, try alert channels, have the archive verified"),
        new(Clear, "查看支付原文、导出证据包（含个人信息，每次查阅均有记录）", "See raw payment messages and export evidence bundles, personal data in clear; each time is written down"),
        new(Export, "导出列表（Excel、CSV，个人信息已脱敏）", "Export lists (Excel, CSV), personal data masked"),
        new(Retention, "设置与解除法定保全、试算到期删除", "Place and lift legal holds, try what retention would erase"),
        new(Settings, "修改参数设置并使其生效（模块重启）", "Change settings and put them into force, which restarts the module"),
        new(Templates, "试渲染、发布和回退报文模板", "Try, publish and roll back the templates of messages"),
        new(Import, "从文件导入支付数据", "Import payments from a file"),
    ];
}
