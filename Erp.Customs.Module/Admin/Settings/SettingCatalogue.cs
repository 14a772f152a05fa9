using System.Globalization;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Settings;

/// <summary>All settings in words. Editable is what an operator tunes; what says where data, keys and customs are stays the host's.</summary>
internal static class SettingCatalogue
{
    private static readonly string s_seconds = Words.Of("秒", "s");

    /// <summary>The settings that there are where these options are in force: merchants and channels have their own.</summary>
    public static IReadOnlyList<SettingGroup> Of(CustomsOptions options) =>
    [
        new("upload", "上报与时限", "Uploads and deadline",
        [
            Text("Customs:Upload:Url", "上报地址", "Where uploads go", one => one.UploadUrl.ToString()) with { IsRequired = true },
            Text("Customs:Upload:TestUrl", "联调上传地址", "Where test uploads go", one => one.TestUrl.ToString()),
            Seconds("Customs:Deadline", "应答时限（自接收起）", "Answer due after receipt", one => one.Deadline),
            Seconds("Customs:Upload:Timeout", "单次上报超时", "Timeout of one upload", one => one.UploadTimeout),
            Number("Customs:RequestsPerSecond", "每秒接收海关请求上限", "Requests taken in a second", one => one.RequestsPerSecond) with { Unit = Words.Of("条/秒", "per s") },
            Flag("Customs:Upload:ServiceTimeAsNumber", "serviceTime 写为数字", "serviceTime as a number", one => one.ServiceTimeAsNumber),
            Flag("Customs:OrderNumbersOverlap", "多个商户可能有相同订单号", "Merchants may share order numbers", one => one.OrderNumbersOverlap),
            Text("Customs:PlainHttpHosts", "可不用 TLS 的主机", "Hosts without TLS", one => string.Join(", ", one.PlainHttpHosts)),
        ]),
        new("retry", "自动重试与熔断", "Retries and circuit",
        [
            .. RetryOptions.Defaults(options.Deadline).Keys.SelectMany(Retry),
            Number("Customs:Circuit:Failures", "连续失败多少次视为不可用", "Failures in a row that count as away", one => one.Circuit.Failures) with { Unit = Words.Of("次", "times") },
            Seconds("Customs:Circuit:ProbeEvery", "不可用时试探间隔", "Probe while away", one => one.Circuit.ProbeEvery),
        ]),
        new("retention", "保留与核对", "Retention and reconciliation",
        [
            Number("Customs:Retention:Years", "保留年限（不得少于三年）", "Kept for, three at least", one => one.RetentionYears) with { Unit = Words.Of("年", "years") },
            Cron("Customs:Retention:Cron", "到期清理时间", "When retention runs", one => one.RetentionCron),
            Text("Customs:Retention:TimeZone", "清理时间所用时区", "Time zone of that", one => one.RetentionZone.Id == ChinaTime.Zone.Id ? "" : one.RetentionZone.Id) with
            {
                IsEditable = true,
                Hint = Words.Of("留空为北京时间", "empty for China time"),
            },
            Flag("Customs:Retention:DryRun", "只试算，不删除", "Counts, erases nothing", one => one.RetentionDryRun) with { IsEditable = true },
            Cron("Customs:Completeness:Cron", "完整性核对时间（北京时间）", "When the reconciliation runs, China time", one => one.CompletenessCron),
        ]),
        new("archive", "存证", "Evidence",
        [
            Cron("Customs:Archive:SealingCron", "存证时间", "When records are sealed", one => one.Archive.SealingCron),
            Seconds("Customs:Archive:SealWithin", "存证滞后多久告警", "Alarm when a seal waits", one => one.Archive.SealWithin),
            Cron("Customs:Archive:CheckpointCron", "检查点时间", "When checkpoints are made", one => one.Archive.CheckpointCron),
            Text("Customs:Archive:CheckpointFolder", "检查点目录", "Folder of checkpoints", one => one.Archive.CheckpointFolder),
            Secret("Customs:Archive:Key", "档案密钥", "The archive's key", one => one.Archive.Key is not null),
            Secret("Customs:Archive:RetiredKeys", "旧档案密钥", "Its retired keys", one => one.Archive.RetiredKeys.Count > 0),
            Secret("Customs:Archive:SealingKey", "存证签名密钥", "The sealing key", one => one.Archive.SealingKey is not null),
            Text("Customs:Archive:FormerKeys", "曾用存证公钥", "Former sealing keys", one => string.Join(", ", one.Archive.FormerKeys)),
            Text("Customs:Archive:LostKeys", "已遗失的档案密钥编号", "Lost keys of the archive", one => string.Join(", ", one.Archive.LostKeys)),
        ]),
        new("alerts", "告警", "Alerts",
        [
            Seconds("Customs:Alerts:GroupSeconds", "同类告警合并时间", "Alike alerts become one within", one => one.Alerts.Group),
            .. options.Alerts.Channels.SelectMany(Channel),
            Text("Customs:Alerts:Proxy", "告警代理", "Proxy of alerts", one => one.Alerts.Proxy?.ToString() ?? ""),
        ]),
        new("bridge", "推单平台", "Payment bridge",
        [
            Text("Customs:Bridge:BaseUrl", "地址", "Address", one => one.Bridge?.BaseUrl.ToString() ?? ""),
            Seconds("Customs:Bridge:Timeout", "单次调用超时", "Timeout of one call", one => one.Bridge?.Timeout ?? TimeSpan.FromSeconds(20)) with { IsEditable = options.Bridge is not null },
            Flag("Customs:Bridge:Rehearsal", "使用测试接口", "Calls the test interface", one => one.Bridge?.Rehearsal == true),
        ]),
        new("merchants", "商户与签名", "Merchants and signing", [.. options.Merchants.Values.OrderBy(merchant => merchant.Name, StringComparer.Ordinal).SelectMany(merchant => Merchant(merchant.Name, merchant))]),
        new("system", "系统", "System",
        [
            Text("Customs:BasePath", "模块路径", "Base path", one => one.BasePath),
            Text("Customs:Database:Engine", "数据库", "Database", one => one.Database.Engine switch
            {
                DatabaseEngine.PostgreSql => EngineNames.PostgreSql, DatabaseEngine.SqlServer => EngineNames.SqlServer, _ => EngineNames.Sqlite,
            }),
            Secret("Customs:Database:ConnectionString", "数据库连接字符串", "Its connection string", one => one.Database.ConnectionString.Length > 0),
            Text("Customs:Jobs:Engine", "任务引擎", "Job engine", one => EnumWords<JobEngineChoice>.Word(one.JobEngine)),
            Secret("Customs:ApiKeys", "集成接口密钥", "Keys of the integration API", one => one.ApiKeys.Count > 0),
        ]),
    ];

    private static IEnumerable<SettingEntry> Retry(FailureClass failure)
    {
        var key = $"Customs:Retry:{failure}";
        var (zh, en) = failure switch
        {
            FailureClass.Data => ("支付数据未到", "Data not there"),
            FailureClass.SignerTransient => ("签名暂不可用", "Signer away"),
            FailureClass.CustomsTransient => ("海关暂不可用", "Customs away"),
            _ => ("结果未知", "Outcome unknown"),
        };
        return
        [
            Seconds($"{key}:Least", $"{zh}：最短间隔", $"{en}: shortest pause", one => one.Retry[failure].Least),
            Seconds($"{key}:Most", $"{zh}：最长间隔", $"{en}: longest pause", one => one.Retry[failure].Most),
            Seconds($"{key}:Useful", $"{zh}：多久后转人工", $"{en}: a person is asked after", one => one.Retry[failure].Useful),
        ];
    }

    private static IEnumerable<SettingEntry> Channel(AlertChannelOptions channel)
    {
        var name = channel.Name;
        var key = $"Customs:Alerts:Channels:{name}";
        return
        [
            Text($"{key}:Kind", $"{name}：类型", $"{name}: kind", one => Of(one)?.Kind.ToString().ToLowerInvariant() ?? ""),
            Text($"{key}:Level", $"{name}：最低级别", $"{name}: least level", one => EnumWords<NoticeLevel>.Word(Of(one)?.Level ?? NoticeLevel.Warning)) with
            {
                IsEditable = true,
                Choices = [.. Enum.GetValues<NoticeLevel>().Select(level => (EnumWords<NoticeLevel>.Word(level), Words.Of(AlertText.Level(level, english: false), AlertText.Level(level, english: true))))],
            },
            Text($"{key}:Language", $"{name}：语言", $"{name}: language", one => Of(one)?.English == true ? "en" : "zh-CN") with
            {
                IsEditable = true,
                Choices = [("zh-CN", Words.Of("中文", "Chinese")), ("en", Words.Of("英文", "English"))],
            },
            Text(channel.Mail is null ? $"{key}:Url" : $"{key}:Host", $"{name}：发往", $"{name}: goes to", one => Of(one)?.Destination ?? ""),
            channel.Mail is null
                ? Secret($"{key}:Url", $"{name}：含令牌的地址", $"{name}: address with its token", one => Of(one)?.Url is not null)
                : Secret($"{key}:Password", $"{name}：邮箱口令", $"{name}: the mailbox' password", one => Of(one)?.Mail?.Password is not null),
        ];

        AlertChannelOptions? Of(CustomsOptions options) => options.Alerts.Channels.FirstOrDefault(channel => channel.Name == name);
    }

    private static IEnumerable<SettingEntry> Merchant(string name, MerchantOptions merchant)
    {
        var key = $"Customs:Merchants:{name}";
        return
        [
            Text($"{key}:EbpCode", $"{name}：电商平台代码", $"{name}: EbpCode", one => Of(one)?.EbpCode ?? "") with { IsRequired = true },
            Text($"{key}:RawPolicy", $"{name}：原始报文写法", $"{name}: raw policy", one => Of(one)?.RawPolicy switch { RawPolicy.UrlEncode => "url-encode", RawPolicy.Strip => "strip", _ => "raw" }),
            .. merchant.WithEachKey.SelectMany((one, index) => Signing(name, one, index)),
            Text($"{key}:Bridge:MerchantName", $"{name}：推单商户名称", $"{name}: name at the bridge", one => Of(one)?.Bridge?.MerchantName ?? ""),
        ];

        MerchantOptions? Of(CustomsOptions options) => options.Merchants.GetValueOrDefault(name);
    }

    private static IEnumerable<SettingEntry> Signing(string name, MerchantOptions merchant, int index)
    {
        var number = index == 0 ? "" : $" {index + 1}";
        return
        [
            Text(merchant.SigningSetting("Kind"), $"{name}：签名方式{number}", $"{name}: signer{number}", one => Of(one)?.Kind ?? "") with { IsRequired = true },
            Secret(
                merchant.SigningSetting(merchant.Signing.Cbt is not null ? "Token" : merchant.Signing.Pin is not null ? "Pin" : "KeyPassword"),
                $"{name}：签名口令{number}", $"{name}: PIN or password{number}", one => Of(one) is { } signing && (signing.Pin ?? signing.KeyPassword ?? signing.Cbt?.Token) is not null),
        ];

        SigningOptions? Of(CustomsOptions options) => options.Merchants.GetValueOrDefault(name)?.WithEachKey.ElementAtOrDefault(index)?.Signing;
    }

    private static SettingEntry Text(string name, string zh, string en, Func<CustomsOptions, string> inForce) => new(name, zh, en, inForce);

    private static SettingEntry Number(string name, string zh, string en, Func<CustomsOptions, int> inForce) =>
        new(name, zh, en, one => inForce(one).ToString(CultureInfo.InvariantCulture)) { IsEditable = true };

    private static SettingEntry Seconds(string name, string zh, string en, Func<CustomsOptions, TimeSpan> inForce) =>
        Number(name, zh, en, one => (int)inForce(one).TotalSeconds) with { Unit = s_seconds };

    private static SettingEntry Cron(string name, string zh, string en, Func<CustomsOptions, string> inForce) =>
        Text(name, zh, en, inForce) with { IsEditable = true, Hint = Words.Of("Quartz cron：秒 分 时 日 月 周", "Quartz cron: second minute hour day month weekday") };

    private static SettingEntry Flag(string name, string zh, string en, Func<CustomsOptions, bool> inForce) =>
        Text(name, zh, en, one => inForce(one) ? "true" : "false") with { Choices = [("true", Words.Of("是", "yes")), ("false", Words.Of("否", "no"))] };

    private static SettingEntry Secret(string name, string zh, string en, Func<CustomsOptions, bool> isSet) => Text(name, zh, en, one => isSet(one) ? "set" : "") with { IsSecret = true };
}
