using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module;

/// <summary>Why a screen is not shown, and what to do then.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">A few words, <c>中文 | English</c>.</param>
/// <param name="Sentence">What is the matter; for a program, all that it is told.</param>
/// <param name="Next">What the person does next.</param>
internal sealed record PageState(int Status, string Title, string Sentence, string Next)
{
    /// <summary>Where the first button leads, from the host's root; <see langword="null"/> for the module's overview.</summary>
    public string? Address { get; init; }

    /// <summary>Words on the first button; <see langword="null"/> where there is no way on in the module.</summary>
    public string? Button { get; init; } = Words.Of("返回海关总览", "To the overview");

    /// <summary>Seconds after which the page asks again by itself; <see langword="null"/> for never.</summary>
    public int? AskAgain { get; init; }

    /// <summary>系统忙.</summary>
    public static PageState Busy { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        Words.Of("页面暂时无法显示", "The page cannot be shown now"),
        Words.Of("系统忙，请稍后重试", "The module cannot answer now; try again"),
        Words.Of("请稍后刷新。如果刚提交了操作，请先在操作日志中核对是否已完成，再重新提交；仍不行请联系管理员查看日志。",
            "Reload in a moment. If you have just sent something, look into the operation log whether it was done before you send it again; if it goes on, ask an administrator to look into the log."));

    /// <summary>Nobody is signed in.</summary>
    /// <param name="signIn">The host's page for it; <see langword="null"/> when the host names none.</param>
    public static PageState SignedOut(string? signIn) => new(
        StatusCodes.Status401Unauthorized,
        Words.Of("登录已过期", "You are signed out"),
        Words.Of("请先登录 ERP，未作任何更改", "Sign in to the ERP first; nothing was changed"),
        Words.Of("重新登录后回到原来的页面再操作一次。", "Sign in, go back to the page and do it again."))
    {
        Address = signIn,
        Button = signIn is null ? null : Words.Of("登录", "Sign in"),
    };

    /// <summary>没有权限.</summary>
    /// <param name="acting">A form was sent.</param>
    public static PageState NotAllowed(bool acting) => new(
        StatusCodes.Status403Forbidden,
        Words.Of("没有权限", "Not allowed"),
        acting
            ? Words.Of("没有操作权限，未作任何更改", "You do not have the permission to do this; nothing was changed")
            : Words.Of("没有查看权限", "You do not have the permission for this page"),
        Words.Of("如果工作需要，请联系 ERP 管理员为您的账号授予相应权限（模块管理页列有全部权限）。", "If your work needs it, ask whoever administers the ERP; the module screen lists all permissions."));

    /// <summary>A form was sent that no page has.</summary>
    public static PageState NoSuchForm { get; } = new(
        StatusCodes.Status404NotFound,
        Words.Of("没有这个操作", "Nothing of this name to do"),
        Words.Of("没有这个操作，未作任何更改", "There is nothing of this name to do; nothing was changed"),
        Words.Of("请返回并刷新页面后再操作一次。", "Go back, reload the page and do it again."));

    /// <summary>What is stored cannot be read.</summary>
    public static PageState Unreadable(string sentence) => new(
        StatusCodes.Status409Conflict,
        Words.Of("内容无法读取", "The content cannot be read"),
        sentence,
        Words.Of("其他订单不受影响。请联系管理员：补齐所缺密钥，或在“证据”页验证存证并从备份恢复。", "Other orders are not concerned. Ask an administrator to add the missing key, or to verify the archive on the evidence screen and to restore from a backup."));

    /// <summary>A request that cannot be read.</summary>
    public static PageState Malformed(int status) => new(
        status,
        Words.Of("请求无法处理", "The request cannot be answered"),
        Words.Of("请求有误或过大", "The request is malformed or too large"),
        Words.Of("未作任何更改。请返回页面，减少内容后再提交。", "Nothing was changed. Go back and send less."));

    /// <summary>What somebody sees while the module does not run.</summary>
    public static PageState Off(ModuleRefusal refusal) => new(
        StatusCodes.Status503ServiceUnavailable,
        refusal switch
        {
            ModuleRefusal.Disabled => Words.Of("模块已停用", "The module is switched off"),
            ModuleRefusal.Changing => Words.Of("模块正在启动或停止", "The module is starting or stopping"),
            _ => Words.Of("模块未能启动", "The module could not start"),
        },
        refusal switch
        {
            ModuleRefusal.Disabled => Words.Of("模块已停用", "The module is switched off"),
            ModuleRefusal.Changing => Words.Of("模块正在启动或停止，请稍后重试", "The module is starting or stopping; try again"),
            _ => Words.Of("模块未能启动，原因见模块管理页面", "The module could not start; the module screen shows why"),
        },
        refusal switch
        {
            ModuleRefusal.Disabled => Words.Of("数据保持不变，未作任何更改。需要时请管理员在 ERP 的模块管理页启用。", "The data stay as they are, and nothing was changed. An administrator switches it on again on the ERP's module screen."),
            ModuleRefusal.Changing => Words.Of("本页几秒后自动刷新。", "This page asks again in a few seconds."),
            _ => Words.Of("请管理员在 ERP 的模块管理页查看原因，改正后重试。", "An administrator finds the reason on the ERP's module screen, and tries again when it is mended."),
        })
    {
        Button = null,
        AskAgain = refusal == ModuleRefusal.Changing ? 3 : null,
    };

    /// <summary>The state for an answer that has a status and nothing else; <see langword="null"/> for every other answer.</summary>
    public static PageState? Of(HttpResponse response) => response.ContentType is not null || response.ContentLength > 0 ? null : response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => new(
            response.StatusCode,
            Words.Of("页面已过期", "The page is out of date"),
            Words.Of("提交的内容不是来自本页，或页面已过期，未作任何更改", "What was sent did not come from a page of ours, or that page is out of date; nothing was changed"),
            Words.Of("请返回并刷新页面后再操作一次。", "Go back, reload the page and do it again.")),
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => new(
            response.StatusCode,
            Words.Of("没有这个页面", "No such page"),
            Words.Of("地址有误，或记录已过保存期", "The address is wrong, or the record is past its term"),
            Words.Of("请从菜单进入，或用订单编号查询。", "Go there by the menu, or search by the order's number.")),
        _ => null,
    };
}
