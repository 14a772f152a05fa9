using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Quartz;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>The lights on the host's module screen and on the overview; each is a health check too.</summary>
internal sealed class SelfChecks(
    RequestTable requests,
    BridgeTable pushes,
    AlertTable alerts,
    AlertChannels channels,
    Signers signers,
    IUploadIncidents incidents,
    IPayExchangeRenderer renderer,
    Sealer sealer,
    Checkpoints checkpoints,
    IUploadEngine engine,
    ISchedulerFactory schedulers,
    ContentKeys keys,
    CustomsOptions options,
    TimeProvider time)
{
    /// <summary>A certificate that ends within this time is yellow. The default value is 30 days.</summary>
    private static readonly TimeSpan CertificateWarning = TimeSpan.FromDays(30);

    private const string SignerPrefix = "signer:";

    /// <summary>The name of the check of a merchant's signer.</summary>
    public static string SignerOf(string merchant) => SignerPrefix + merchant;

    /// <summary>The names of all of them; a merchant's signer has the merchant's name in its own.</summary>
    public static IEnumerable<string> Names(CustomsOptions options) =>
        ["environment", "database", "queue", "engine", "incidents", "bridge", .. options.Merchants.Keys.Select(SignerOf), "archive_sealing", "archive_key", "alerts", "api_keys"];

    /// <summary>Everything.</summary>
    public async Task<IReadOnlyList<SelfCheck>> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<SelfCheck>();
        foreach (var name in Names(options))
        {
            checks.AddRange(await RunAsync(name, cancellationToken));
        }

        return checks;
    }

    /// <summary>One of them by its name; it may have several lights, or none where there is nothing to say.</summary>
    public async Task<IReadOnlyList<SelfCheck>> RunAsync(string name, CancellationToken cancellationToken) => name switch
    {
        "environment" => [Environment()],
        "database" => [await DatabaseAsync(cancellationToken)],
        "queue" => [await QueueAsync(cancellationToken)],
        "engine" => [await EngineAsync(cancellationToken)],
        "incidents" => await IncidentsAsync(cancellationToken),
        "bridge" => await BridgeAsync(cancellationToken),
        "archive_sealing" => [await SealingAsync(cancellationToken)],
        "archive_key" => [ArchiveKey()],
        "alerts" => [await AlertsAsync(cancellationToken)],
        "api_keys" => options.ApiKeys.Count > 0 ? []
            : [new("接口密钥", "API keys", SelfCheckLight.Yellow, "未配置 Customs:ApiKeys，集成接口拒绝所有调用", "Customs:ApiKeys is empty: the integration API refuses everybody")],
        _ => await SignersAsync(name[SignerPrefix.Length..], cancellationToken),
    };

    /// <summary>Yellow at half of the deadline, red past it.</summary>
    public static SelfCheckLight QueueLight(TimeSpan oldest, TimeSpan deadline) =>
        oldest > deadline ? SelfCheckLight.Red : oldest > deadline / 2 ? SelfCheckLight.Yellow : SelfCheckLight.Green;

    private SelfCheck Environment()
    {
        var words = EnvironmentWords.Of(options.Environment);
        return new(
            "上报环境", "Uploads go to", options.Environment == CustomsEnvironment.Other ? SelfCheckLight.Yellow : SelfCheckLight.Green,
            $"{Words.In(words, english: false)}：{options.UploadUrl.Authority}", $"{Words.In(words, english: true)}: {options.UploadUrl.Authority}");
    }

    private async Task<SelfCheck> DatabaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var counts = await requests.CountByStateAsync(new RequestSearch { Ignored = false }, cancellationToken);
            var waiting = counts.Where(state => !RequestStates.IsFinished(state.Key)).Sum(state => state.Value);
            var persons = RequestStates.Failed.Sum(state => counts[state]);
            return new(
                "数据库", "Database", persons > 0 ? SelfCheckLight.Yellow : SelfCheckLight.Green,
                $"正常；处理中 {waiting}，需人工处理 {persons}", $"Works; {waiting} under way, {persons} for a person");
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new("数据库", "Database", SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})");
        }
    }

    /// <summary>Red where a person must act, yellow where it passes by itself.</summary>
    private async Task<IReadOnlyList<SelfCheck>> IncidentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await incidents.OpenAsync(cancellationToken)).Select(incident => new SelfCheck(
                $"上报受阻 {incident.Merchant}".TrimEnd(), $"Uploads held up {incident.Merchant}".TrimEnd(), incident.NextProbeAt is null ? SelfCheckLight.Red : SelfCheckLight.Yellow,
                $"{Words.In(incident.Reason, english: false)}；等待 {incident.Waiting} 条", $"{Words.In(incident.Reason, english: true)}; {incident.Waiting} wait"))];
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return [new("上报受阻", "Uploads held up", SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})")];
        }
    }

    /// <summary>Work that is due and that nobody takes is what an engine that stands still looks like.</summary>
    private async Task<SelfCheck> QueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            var due = await requests.QueueAsync(cancellationToken);
            var seconds = (long)due.Oldest.TotalSeconds;
            return new(
                "待处理队列", "Queue", QueueLight(due.Oldest, options.Deadline),
                due.Count == 0 ? "无积压" : $"{due.Count} 条到期未处理，最久 {seconds} 秒", due.Count == 0 ? "Nothing waits" : $"{due.Count} due and not worked on, the oldest for {seconds} s");
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new("待处理队列", "Queue", SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})");
        }
    }

    private async Task<SelfCheck> EngineAsync(CancellationToken cancellationToken)
    {
        var clock = (await schedulers.GetScheduler(cancellationToken)).Status;
        var runs = clock == SchedulerStatus.Running;
        return new(
            "模板与任务", "Templates and jobs", runs ? SelfCheckLight.Green : SelfCheckLight.Red,
            $"模板：{Words.In(renderer.Description, english: false)}；任务引擎：{engine.Name}{(runs ? "" : $"；定时器未运行（{clock}）")}",
            $"Templates: {Words.In(renderer.Description, english: true)}; job engine: {engine.Name}{(runs ? "" : $"; the clock does not run ({clock})")}");
    }

    private async Task<IReadOnlyList<SelfCheck>> BridgeAsync(CancellationToken cancellationToken)
    {
        const string Zh = "支付报关推单";
        const string En = "Payment-customs bridge";
        if (options.Bridge is not { } bridge)
        {
            return [new(Zh, En, SelfCheckLight.Green, "未启用（未设置 Customs:Bridge:BaseUrl）", "Off (Customs:Bridge:BaseUrl is not set)")];
        }

        try
        {
            var counts = await pushes.CountByStateAsync(new BridgeSearch(), cancellationToken);
            var persons = counts[BridgeState.DataError] + counts[BridgeState.NeedsPerson];
            var stops = await pushes.StopsAsync(cancellationToken);
            return
            [
                new(Zh, En, persons > 0 || bridge.Rehearsal ? SelfCheckLight.Yellow : SelfCheckLight.Green,
                    $"{bridge.BaseUrl.Authority}{(bridge.Rehearsal ? "（测试接口）" : "")}；已支付并报关 {counts[BridgeState.Done]}，需人工处理 {persons}",
                    $"{bridge.BaseUrl.Authority}{(bridge.Rehearsal ? " (rehearsal)" : "")}; {counts[BridgeState.Done]} paid and declared, {persons} for a person"),
                .. stops.Select(stop => new SelfCheck(
                    $"推单 {stop.Merchant}", $"Pushes of {stop.Merchant}", SelfCheckLight.Red, Words.In(stop.Reason, english: false), Words.In(stop.Reason, english: true))),
            ];
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return [new(Zh, En, SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})")];
        }
    }

    /// <summary>Records without a seal can still be changed without its showing.</summary>
    private async Task<SelfCheck> SealingAsync(CancellationToken cancellationToken)
    {
        const string Zh = "存证";
        const string En = "Archive sealing";
        try
        {
            var oldest = await sealer.OldestAsync(cancellationToken);
            var light = QueueLight(oldest, options.Archive.SealWithin);
            var waits = oldest == TimeSpan.Zero ? Words.Of("全部已存证", "everything is sealed") : Words.Of($"最久的记录已等待 {(long)oldest.TotalSeconds} 秒", $"the oldest record has waited for {(long)oldest.TotalSeconds} s");
            var sentence = Words.All([.. new[] { checkpoints.Problem, sealer.Unreadable, waits }.OfType<string>()]);
            return new(Zh, En, checkpoints.Problem is null ? light : SelfCheckLight.Red, Words.In(sentence, english: false), Words.In(sentence, english: true));
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Zh, En, SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})");
        }
    }

    /// <summary>A key beside the data protects them from nobody who has the data.</summary>
    private SelfCheck ArchiveKey()
    {
        const string Zh = "档案密钥";
        const string En = "Archive key";
        return keys.IsHomeMade
            ? new(Zh, En, SelfCheckLight.Yellow, $"{keys.Current.Id}：未设置 Customs:Archive:Key，密钥在模块数据目录中；请将其移入宿主的机密存储并另行备份",
                $"{keys.Current.Id}: Customs:Archive:Key is not set, the key stands in the module's data folder; move it into the host's secret store, and keep a copy elsewhere")
            : options.Archive.LostKeys.Count > 0
                ? new(Zh, En, SelfCheckLight.Yellow, $"{keys.Current.Id}；已丢失的密钥 {string.Join("、", options.Archive.LostKeys)}，相应内容不可读", $"{keys.Current.Id}; lost: {string.Join(", ", options.Archive.LostKeys)}, and what they encrypted cannot be read")
                : new(Zh, En, SelfCheckLight.Green, keys.Current.Id, keys.Current.Id);
    }

    private async Task<SelfCheck> AlertsAsync(CancellationToken cancellationToken)
    {
        const string Zh = "告警通道";
        const string En = "Alert channels";
        if (channels.ForPeople.Count == 0)
        {
            return new(Zh, En, SelfCheckLight.Green, "未设置 Customs:Alerts:Channels，告警只在日志和告警页面", "Customs:Alerts:Channels is not set: alerts are in the log and on their screen alone");
        }

        try
        {
            var down = (await alerts.LastTriedAsync(cancellationToken)).Where(message => message.Outcome != AlertOutcome.Sent && channels.ForPeople.Any(channel => channel.Name == message.Channel)).ToList();
            return down.Count == 0
                ? new(Zh, En, SelfCheckLight.Green, string.Join("、", channels.ForPeople.Select(channel => channel.Name)), string.Join(", ", channels.ForPeople.Select(channel => channel.Name)))
                : new(Zh, En, SelfCheckLight.Yellow,
                    string.Join("；", down.Select(message => $"{message.Channel} 最近一次发送失败：{Words.In(message.Error, english: false)}")),
                    string.Join("; ", down.Select(message => $"{message.Channel} did not take its last message: {Words.In(message.Error, english: true)}")));
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Zh, En, SelfCheckLight.Red, $"无法读取（{problem.GetType().Name}）", $"Cannot be read ({problem.GetType().Name})");
        }
    }

    private async Task<IReadOnlyList<SelfCheck>> SignersAsync(string merchant, CancellationToken cancellationToken)
    {
        try
        {
            var inOrder = signers.Of(merchant);
            var checks = new List<SelfCheck>();
            foreach (var signer in inOrder)
            {
                checks.Add(await SignerAsync(inOrder.Count == 1 ? merchant : $"{merchant} {signer.Name}", signer, cancellationToken));
            }

            return checks;
        }
        catch (SignerException problem)
        {
            return [Red(merchant, problem)];
        }
    }

    private async Task<SelfCheck> SignerAsync(string whose, ISigner signer, CancellationToken cancellationToken)
    {
        try
        {
            var certificate = await signer.CertificateAsync(cancellationToken);
            var now = time.GetUtcNow();
            var days = (int)Math.Floor((certificate.NotAfter - now).TotalDays);
            var light = now < certificate.NotBefore || now > certificate.NotAfter ? SelfCheckLight.Red
                : signer.Warnings.Count > 0 || certificate.NotAfter - now < CertificateWarning ? SelfCheckLight.Yellow
                : SelfCheckLight.Green;
            return new(
                $"签名 {whose}", $"Signer {whose}", light,
                string.Join("；", [$"{certificate.Scheme}，证书编号 {certificate.CertNo}，剩余 {days} 天", .. signer.Warnings.Select(warning => Words.In(warning, english: false))]),
                string.Join("; ", [$"{certificate.Scheme}, certNo {certificate.CertNo}, {days} days left", .. signer.Warnings.Select(warning => Words.In(warning, english: true))]));
        }
        catch (SignerException problem)
        {
            return Red(whose, problem);
        }
    }

    private static SelfCheck Red(string whose, SignerException problem) =>
        new($"签名 {whose}", $"Signer {whose}", SelfCheckLight.Red, Words.In(problem.Message, english: false), Words.In(problem.Message, english: true));
}
