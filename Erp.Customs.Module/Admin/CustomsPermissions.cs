using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Admin;

/// <summary>What the module's screens may allow. Nothing is granted by default.</summary>
internal static class CustomsPermissions
{
    /// <summary>See requests and settings, raw data masked.</summary>
    public const string View = "customs.view";

    /// <summary>Act: retry requests, start test uploads (联调).</summary>
    public const string Retry = "customs.retry";

    public static IReadOnlyList<Permission> All { get; } =
    [
        new(View, "查看海关请求", "See customs' requests"),
        new(Retry, "重试海关请求、联调上传", "Retry customs' requests, start test uploads"),
    ];
}
