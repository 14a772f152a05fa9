using Microsoft.AspNetCore.Html;

namespace Erp.Customs.Simulator.Pages;

/// <summary>The forms of the first page; <see cref="ControlEndpoints"/> takes them.</summary>
internal static class Forms
{
    /// <summary>Sets and clears faults.</summary>
    public static IHtmlContent Faults(IReadOnlyList<Fault> pending) => Html.Of($"""
        <section>
        <h2>故障注入 <small>Faults</small> <small>{(pending.Count == 0 ? "无 none" : "")}</small></h2>
        {Html.Join(pending, fault => $"<p><code>{fault}</code> × {fault.Times} {fault.SessionId}</p>")}
        <form method="post" action="/_faults">
        <label>类型 Kind <select name="kind">{Html.Join(Kinds, kind => $"<option value=\"{kind.Kind}\">{kind.Name}</option>")}</select></label>
        <label>次数 Times <input name="times" type="number" min="1" value="1"></label>
        <label>会话 sessionID <input name="sessionId"></label>
        <label>延迟毫秒 Delay ms <input name="delayMs" type="number" min="0" max="600000" value="0"></label>
        <label>代码 Code <input name="code" value="20000"></label>
        <label>信息 Message <input name="message" value="上传失败"></label>
        <label>HTTP状态 Status <input name="status" type="number" min="400" max="599" value="500"></label>
        <label class="tick"><input name="judge" type="checkbox"> 先受理再出错 Judge first</label>
        <button>设置 Set</button> <button name="clear" value="1">全部清除 Clear</button>
        </form>
        </section>
        """);

    /// <summary>Makes customs ask for an order.</summary>
    public static IHtmlContent Ask() => Html.Of($"""
        <section>
        <h2>调用企业接口 <small>Call platDataOpen</small></h2>
        <form method="post" action="/_ask">
        <label>企业接口地址 Address <input name="address" type="url" size="45" required placeholder="http://127.0.0.1:5080/customs/platDataOpen"></label>
        <label>订单编号 orderNo <input name="orderNo" required></label>
        <label>会话 sessionID <input name="sessionId" placeholder="自动生成 drawn"></label>
        <label>形式 Shape <select name="wrapping">{Html.Join(Enum.GetValues<OpenReqWrapping>(), wrapping => $"<option>{wrapping}</option>")}</select></label>
        <label class="tick"><input name="number" type="checkbox"> serviceTime为数字 as a number</label>
        <button>调用 Call</button>
        </form>
        </section>
        """);

    private static readonly (FaultKind Kind, string Name)[] Kinds =
    [
        (FaultKind.None, "仅延迟 Only late"),
        (FaultKind.Reply, "指定回执 Given reply"),
        (FaultKind.Status, "HTTP错误 HTTP status"),
        (FaultKind.Cut, "断开连接 Cut"),
        (FaultKind.Garbage, "乱码回执 Garbage"),
        (FaultKind.Redirect, "307重定向 Redirect"),
        (FaultKind.Oversized, "超大回执 Oversized"),
    ];
}
