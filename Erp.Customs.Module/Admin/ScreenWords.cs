using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Import;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module.Admin;

/// <summary>The language of a screen: Chinese unless the user chose English (cookie <c>erp.lang</c>, or <c>?lang=en</c> for one page).</summary>
internal sealed class ScreenWords(HttpContext http)
{
    public bool English { get; } = Words.English(http);

    /// <summary>Value of the page's lang attribute.</summary>
    public string Tag => English ? "en" : "zh-CN";

    public string this[string zh, string en] => English ? en : zh;

    /// <summary>The right half of a sentence in both languages.</summary>
    public string Of(string sentence) => Words.In(sentence, English);

    /// <summary>状态.</summary>
    public string State(RequestState state) => Of(RequestStates.Title(state));

    /// <summary>推单状态.</summary>
    public string State(BridgeState state) => state switch
    {
        BridgeState.Pending => this["待推送", "To be pushed"],
        BridgeState.Pushed => this["已推送", "Pushed"],
        BridgeState.Confirming => this["待确认", "To be confirmed"],
        BridgeState.Done => this["已支付+已报关", "Paid and declared"],
        BridgeState.DataError => this["数据有误", "Data wrong"],
        BridgeState.NeedsPerson => this["需处理", "Needs a person"],
        BridgeState.WaitingRetry => this["待重推", "Pushed again later"],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>Class of the last failure.</summary>
    public string Failure(FailureClass failure) => failure switch
    {
        FailureClass.None => "",
        FailureClass.Data => this["数据", "Data"],
        FailureClass.Template => this["模板", "Template"],
        FailureClass.SignerTransient => this["签名暂不可用", "Signer away"],
        FailureClass.SignerPin => this["签名密码", "Signer's PIN"],
        FailureClass.SignerConfiguration => this["签名配置", "Signer's settings"],
        FailureClass.CustomsRejected => this["海关退回", "Refused by customs"],
        FailureClass.CustomsTransient => this["海关暂不可用", "Customs away"],
        FailureClass.Unknown => this["结果未知", "Outcome unknown"],
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    /// <summary>All that <see cref="Flag"/> has words for.</summary>
    internal static IReadOnlyList<string> Flags { get; } =
        ["paid_here_only", "amount_differs", "revoked_but_declared", "not_archived", "update_not_taken", "existed_before", "erp_payment", "card_not_checked", "rehearsal"];

    /// <summary>Something about an order at the bridge that a person should look at.</summary>
    public string Flag(string flag) => flag switch
    {
        "paid_here_only" => this["已有支付数据，资方未报支付", "Paid here, not at the bridge"],
        "amount_differs" => this["与 ERP 支付金额不一致", "Amount differs from the ERP's payment"],
        "card_not_checked" => this["证件号未校验", "Paper not checked"],
        "rehearsal" => this["测试接口", "Rehearsal"],
        "existed_before" => this["资方原已有此单", "The bridge had it before"],
        "revoked_but_declared" => this["已撤销但已报关", "Revoked, yet declared"],
        "update_not_taken" => this["更新未被接收", "Update came too late"],
        "erp_payment" => this["以 ERP 支付报文为准", "The ERP's payment counts"],
        "not_archived" => this["未入库", "Not in the archive"],
        _ => flag,
    };

    /// <summary>Colour of a flag's tag, a class of the style sheet: red where two sides contradict each other.</summary>
    public static string FlagColour(string flag) => flag is "paid_here_only" or "amount_differs" or "revoked_but_declared" or "not_archived" ? "red" : "orange";

    /// <summary>What holds uploads up.</summary>
    public string Incident(UploadIncidentKind kind) => kind switch
    {
        UploadIncidentKind.MerchantStopped => this["停止上报", "Uploads stopped"],
        UploadIncidentKind.SignerAway => this["签名设备故障", "Signer away"],
        UploadIncidentKind.SignerClosed => this["签名设备停用", "Signer closed"],
        UploadIncidentKind.CustomsAway => this["海关不可用", "Customs away"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What was seen in clear.</summary>
    public string Kind(ClearAccessKind kind) => kind switch
    {
        ClearAccessKind.Original => this["支付原文", "raw messages"],
        ClearAccessKind.Bundle => this["证据包", "evidence bundle"],
        ClearAccessKind.Receiver => this["按证件号查询", "search by a person's paper"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What an exchange with the bridge was.</summary>
    public string Kind(BridgeExchangeKind kind) => kind switch
    {
        BridgeExchangeKind.Push => this["推单 PushOrder", "PushOrder"],
        BridgeExchangeKind.Get => this["查询 GetOrder", "GetOrder"],
        BridgeExchangeKind.Callback => this["资方回调", "Callback"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What an alert is about.</summary>
    public string Kind(AlertKind kind) => kind switch
    {
        AlertKind.RequestNeedsPerson => this["海关请求需人工处理", "Request needs a person"],
        AlertKind.UploadsStopped => this["上报已停止", "Uploads stopped"],
        AlertKind.DeadlineNear => this["应答时限过半", "Deadline near"],
        AlertKind.CustomsAway => this["海关不可用", "Customs away"],
        AlertKind.SignerAway => this["签名设备故障", "Signer away"],
        AlertKind.SignerClosed => this["签名设备停用", "Signer closed"],
        AlertKind.PushesStopped => this["推单已停止", "Pushes stopped"],
        AlertKind.PushNeedsPerson => this["推单需人工处理", "Push needs a person"],
        AlertKind.PushNotArchived => this["已报关未存证", "Declared, not archived"],
        AlertKind.CertificateEnds => this["证书即将到期", "Certificate ends"],
        AlertKind.ArchiveUnsealed => this["存证滞后", "Sealing lags"],
        AlertKind.ArchiveCheckpoint => this["存证检查点异常", "Archive checkpoint"],
        AlertKind.RetentionClock => this["清理暂停：时钟存疑", "Retention waits: clock in doubt"],
        AlertKind.Incomplete => this["完整性核对有新发现", "Incomplete records"],
        AlertKind.Test => this["通道测试", "Test"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What the reconciliation misses.</summary>
    public string Incomplete(CompletenessKind kind) => kind switch
    {
        CompletenessKind.OrderWithoutPayment => this["有订单无支付记录", "Order without a payment"],
        CompletenessKind.RequestWithoutOutcome => this["有请求无结果", "Request without an outcome"],
        CompletenessKind.ExchangeWithoutCounterpart => this["有去无回", "Exchange without a counterpart"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What became of an alert.</summary>
    public string Outcome(AlertOutcome outcome) => outcome switch
    {
        AlertOutcome.Waiting => this["待发送", "Waiting"],
        AlertOutcome.Sent => this["已发送", "Sent"],
        AlertOutcome.Failed => this["失败", "Failed"],
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>What became of an operation.</summary>
    public string Result(OperationResult result) => result switch
    {
        OperationResult.Done => this["成功", "Done"],
        OperationResult.Failed => this["未成功", "Not done"],
        OperationResult.Refused => this["被拒绝", "Refused"],
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    /// <summary>Where an import stands.</summary>
    public string State(ImportState state) => state switch
    {
        ImportState.Checking => this["检查中", "Being checked"],
        ImportState.Checked => this["待确认", "Waits for you"],
        ImportState.Importing => this["导入中", "Being imported"],
        ImportState.Done => this["已完成", "Done"],
        ImportState.Unreadable => this["文件有误", "Not readable"],
        ImportState.Stopped => this["已中断", "Ended by a person"],
        ImportState.Interrupted => this["因重启中断", "Ended by a restart"],
        ImportState.Failed => this["失败", "Failed"],
        ImportState.Discarded => this["已放弃", "Given up"],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>What became of a row of an import.</summary>
    public string Outcome(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Bad => this["有误", "Wrong"],
        ImportOutcome.Saved => this["已保存", "Saved"],
        ImportOutcome.Existing => this["已存在", "Already there"],
        ImportOutcome.Failed => this["失败", "Failed"],
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>级别.</summary>
    public string Level(NoticeLevel level) => AlertText.Level(level, English);

    /// <summary>通道类型.</summary>
    public string Channel(string kind) => kind switch
    {
        "dingtalk" => this["钉钉机器人", "DingTalk robot"],
        "wecom" => this["企业微信机器人", "WeCom robot"],
        "feishu" => this["飞书机器人", "Feishu robot"],
        "email" => this["电子邮件", "E-mail"],
        "webhook" => "Webhook",
        "host" => this["ERP 通知接口", "The ERP's notifier"],
        "log" => this["日志", "Log"],
        _ => kind,
    };

    /// <summary>The payment companies that have a name here, by their customs codes.</summary>
    internal static IReadOnlyList<string> PaymentCompanies { get; } = ["31222699S7", "4403169D3W", "312228034T"];

    /// <summary>支付企业 by its customs code (protocol.md section 6); another one is its code.</summary>
    public string PaymentCompany(string payCode) => payCode switch
    {
        "31222699S7" => this["支付宝", "Alipay"],
        "4403169D3W" => this["财付通", "Tenpay"],
        "312228034T" => this["通联支付", "Allinpay"],
        _ => payCode,
    };

    /// <summary>Customs' code of a currency.</summary>
    public string Currency(string code) => code switch
    {
        "142" => this["人民币", "CNY"],
        "502" => this["美元", "USD"],
        _ => code,
    };

    /// <summary>Colour of an outcome's tag, a class of the style sheet.</summary>
    public static string Colour(AlertOutcome outcome) => outcome switch { AlertOutcome.Sent => "green", AlertOutcome.Failed => "red", _ => "orange" };

    /// <summary>Colour of a result's tag, a class of the style sheet.</summary>
    public static string Colour(OperationResult result) => result switch { OperationResult.Done => "green", OperationResult.Refused => "red", _ => "orange" };

    /// <summary>Colour of an import's tag, a class of the style sheet.</summary>
    public static string Colour(ImportState state) => state switch
    {
        ImportState.Done => "green",
        ImportState.Unreadable or ImportState.Failed or ImportState.Interrupted => "red",
        ImportState.Checked or ImportState.Stopped => "orange",
        _ => "blue",
    };

    /// <summary>Colour of a level's tag, a class of the style sheet.</summary>
    public static string Colour(NoticeLevel level) => level switch { NoticeLevel.Alarm => "red", NoticeLevel.Warning => "orange", _ => "blue" };

    /// <summary>Colour of a state's tag, a class of the style sheet.</summary>
    public static string Colour(BridgeState state) => state switch
    {
        BridgeState.Done => "green",
        BridgeState.DataError or BridgeState.NeedsPerson => "red",
        BridgeState.Confirming or BridgeState.WaitingRetry => "orange",
        _ => "blue",
    };

    /// <summary>Colour of a state's tag, a class of the style sheet.</summary>
    public static string Colour(RequestState state) => state switch
    {
        RequestState.Accepted => "green",
        RequestState.Rejected or RequestState.NeedsPerson or RequestState.SessionUsed => "red",
        RequestState.WaitingData or RequestState.WaitingSigner or RequestState.Unknown => "orange",
        _ => "blue",
    };
}
