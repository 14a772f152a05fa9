using System.Globalization;
using System.Net;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Configuration;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>Reads and checks the settings under <c>Customs:</c>. The first wrong one stops the module with one sentence that names it.</summary>
internal sealed partial class CustomsOptionsReader(IConfiguration configuration, ISecretStore? secrets)
{
    /// <summary>Customs' live address (notice 179, 1.3.2).</summary>
    public const string LiveUrl = "https://customs.chinaport.gov.cn/ceb2grab/grab/realTimeDataUpload";

    /// <summary>Customs' test address (notice 179, 1.3.1).</summary>
    public const string TestUrl = "https://swapptest.singlewindow.cn/ceb2grab/grab/realTimeDataUpload";

    private const string ConnectionStringKey = "Customs:Database:ConnectionString";

    private const string JobEngineKey = "Customs:Jobs:Engine";

    private const int EbpCodeLength = 18;

    /// <summary>Reads all settings.</summary>
    /// <exception cref="ModuleConfigurationException">One is missing or wrong.</exception>
    public CustomsOptions Read()
    {
        var plainHttpHosts = Hosts("Customs:PlainHttpHosts");
        var uploadUrl = UploadUrl(plainHttpHosts);
        var environment = EnvironmentOf(uploadUrl);
        var deadline = Seconds("Customs:Deadline", defaultSeconds: 120, least: 1, most: 86_400);
        return new CustomsOptions
        {
            BasePath = BasePath(),
            UploadUrl = uploadUrl,
            TestUrl = TestUploadUrl(plainHttpHosts),
            Environment = environment,
            UploadTimeout = Seconds("Customs:Upload:Timeout", defaultSeconds: 20, least: 1, most: 110),
            ServiceTimeAsNumber = Flag("Customs:Upload:ServiceTimeAsNumber"),
            Deadline = deadline,
            Retry = Retry(deadline),
            Circuit = new CircuitOptions(
                Whole("Customs:Circuit:Failures", CircuitOptions.Default.Failures, least: 2, most: 1000),
                Seconds("Customs:Circuit:ProbeEvery", (int)CircuitOptions.Default.ProbeEvery.TotalSeconds, least: 1, most: 25)),
            RequestsPerSecond = Whole("Customs:RequestsPerSecond", defaultValue: 2000, least: 1, most: 1_000_000),
            OrderNumbersOverlap = Flag("Customs:OrderNumbersOverlap"),
            PlainHttpHosts = plainHttpHosts,
            ApiKeys = configuration.Hashes(secrets, "Customs:ApiKeys", "密钥", "the key"),
            RetentionYears = Whole("Customs:Retention:Years", defaultValue: 3, least: 3, most: 100),
            RetentionCron = Cron("Customs:Retention:Cron", defaultValue: "0 15 3 * * ?"),
            RetentionZone = Zone("Customs:Retention:TimeZone"),
            RetentionDryRun = Flag("Customs:Retention:DryRun"),
            CompletenessCron = Cron("Customs:Completeness:Cron", defaultValue: "0 30 4 * * ?"),
            Database = Database(),
            JobEngine = JobEngine(),
            Bridge = Bridge(plainHttpHosts, environment),
            Alerts = Alerts(plainHttpHosts),
            Archive = Archive(),
            Merchants = Merchants(plainHttpHosts),
        };
    }

    /// <summary>For a connection string that its driver cannot read.</summary>
    public static ModuleConfigurationException WrongConnectionString() => Invalid(
        ConnectionStringKey, "驱动程序（Npgsql 或 Microsoft.Data.SqlClient）能读的连接字符串", "a connection string as its driver, Npgsql or Microsoft.Data.SqlClient, reads it");

    /// <summary>For a database beside which this build's Hangfire cannot keep jobs, though it is asked for.</summary>
    /// <param name="database">Its name, as in <c>Customs:Database:Engine</c>.</param>
    public static ModuleConfigurationException NoHangfireFor(string database) => Wrong(
        JobEngineKey, "hangfire", $"auto 或 quartz：此版本未内置 Hangfire 在 {database} 上的存储", $"auto or quartz, because this build has no job storage of Hangfire for {database}");

    /// <summary>Reads <c>Customs:Jobs:Engine</c> alone: the menu needs it.</summary>
    /// <exception cref="ModuleConfigurationException">There is no such engine, or none in this build.</exception>
    public JobEngineChoice JobEngine() => configuration[JobEngineKey] switch
    {
        null or "" or "auto" => JobEngineChoice.Auto,
        "hangfire" when JobEngines.HangfireBuiltIn => JobEngineChoice.Hangfire,
        "hangfire" => throw Wrong(JobEngineKey, "hangfire", "auto 或 quartz：此版本未内置 Hangfire", "auto or quartz, because Hangfire is not built in"),
        "quartz" => JobEngineChoice.Quartz,
        var other => throw Wrong(JobEngineKey, other, "auto、hangfire 或 quartz", "auto, hangfire or quartz"),
    };

    /// <summary>Reads <c>Customs:BasePath</c> alone: the host needs it even where everything else is wrong.</summary>
    /// <exception cref="ModuleConfigurationException">It does not have the shape of a path.</exception>
    public string BasePath()
    {
        var path = configuration["Customs:BasePath"] ?? "/customs";
        var segments = path.Split('/');
        var right = path.Length > 1 && segments[0].Length == 0
            && segments.Skip(1).All(segment => segment.Length > 0 && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
        return right ? path : throw Wrong("Customs:BasePath", path, "形如 /customs 的路径：以斜杠开头、不以斜杠结尾，其间为字母、数字、'-'、'_'、'.'", "a path such as /customs: a leading slash, no trailing one, letters, digits, '-', '_' and '.' between");
    }

    private Uri UploadUrl(IReadOnlySet<string> plainHttpHosts)
    {
        const string key = "Customs:Upload:Url";
        if (configuration[key] is not { Length: > 0 } text)
        {
            throw Missing(key, $"海关测试地址 {TestUrl}（测试）或正式地址 {LiveUrl}（生产）", $"customs' test address {TestUrl} or their live address {LiveUrl}");
        }

        return Address(key, text, plainHttpHosts);
    }

    private Uri TestUploadUrl(IReadOnlySet<string> plainHttpHosts)
    {
        const string key = "Customs:Upload:TestUrl";
        var url = configuration[key] is { Length: > 0 } text ? Address(key, text, plainHttpHosts) : new Uri(TestUrl);
        return EnvironmentOf(url) != CustomsEnvironment.Live
            ? url
            : throw Wrong(key, "live", $"{TestUrl} 或自备的服务器，不能是海关正式地址", $"{TestUrl} or a server of your own, never customs' live address");
    }

    private static Uri Address(string key, string text, IReadOnlySet<string> plainHttpHosts) => Address(
        key, text, plainHttpHosts, $"，如 {TestUrl}（测试）或 {LiveUrl}（生产）", $", such as {TestUrl} (test) or {LiveUrl} (live)");

    private static Uri Address(string key, string text, IReadOnlySet<string> plainHttpHosts, string exampleZh, string exampleEn)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            throw Invalid(key, $"不含用户名和口令的 http(s) 地址{exampleZh}", $"an http(s) address without user and password{exampleEn}");
        }

        if (url.Scheme == "http" && !IsLoopback(url) && !plainHttpHosts.Contains(url.IdnHost))
        {
            throw Wrong(key, $"http://{url.IdnHost}", "https 地址；只有本机和 Customs:PlainHttpHosts 所列主机可以不用 TLS", "an https address; only loopback and the hosts named in Customs:PlainHttpHosts may be spoken to without TLS");
        }

        return url;
    }

    private static bool IsLoopback(Uri url) => url.IsLoopback || IsLoopback(url.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>A name that ends with the root's dot is the same host.</summary>
    private static CustomsEnvironment EnvironmentOf(Uri url) => url.IdnHost.TrimEnd('.').ToLowerInvariant() switch
    {
        "customs.chinaport.gov.cn" => CustomsEnvironment.Live,
        "swapptest.singlewindow.cn" => CustomsEnvironment.Test,
        _ => CustomsEnvironment.Other,
    };

    private HashSet<string> Hosts(string key)
    {
        var section = configuration.GetSection(key);
        var listed = section.GetChildren().Select(child => child.Value ?? "");
        var inline = (section.Value ?? "").Split(',');
        return listed.Concat(inline).Select(host => host.Trim()).Where(host => host.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads <c>Customs:Database</c> alone: what the screen has set is read from it before all else.</summary>
    /// <exception cref="ModuleConfigurationException">It is wrong.</exception>
    public DatabaseOptions Database()
    {
        const string key = "Customs:Database:Engine";
        var engine = configuration[key] switch
        {
            null or "" or EngineNames.Sqlite => DatabaseEngine.Sqlite,
            EngineNames.PostgreSql => DatabaseEngine.PostgreSql,
            EngineNames.SqlServer => DatabaseEngine.SqlServer,
            var other => throw Wrong(key, other, "sqlite、postgresql 或 sqlserver", "sqlite, postgresql or sqlserver"),
        };
        if (engine == DatabaseEngine.Sqlite)
        {
            return new DatabaseOptions(engine, "");
        }

        return Secret(ConnectionStringKey) is { Length: > 0 } connectionString
            ? new DatabaseOptions(engine, connectionString)
            : throw Missing(ConnectionStringKey, "数据库的连接字符串（可放在宿主的机密存储中）", "the connection string of the database, which may stand in the host's secret store");
    }

    private Dictionary<string, MerchantOptions> Merchants(IReadOnlySet<string> plainHttpHosts)
    {
        var merchants = configuration.GetSection("Customs:Merchants").GetChildren().ToDictionary(child => child.Key, child => Merchant(child, plainHttpHosts), StringComparer.OrdinalIgnoreCase);
        var shared = merchants.Values.SelectMany(merchant => merchant.WithEachKey).SelectMany(key => key.Signing.Agents.Select(agent => (Key: key.SigningSetting($"Agents:{agent.Key}"), Hash: Convert.ToHexString(agent.Value))))
            .GroupBy(agent => agent.Hash, StringComparer.Ordinal).FirstOrDefault(agents => agents.Skip(1).Any());
        if (shared is not null)
        {
            throw Invalid(shared.Last().Key, "另一个令牌：每个签名代理的令牌须各不相同", "a token of its own: no two agents may have the same");
        }

        return merchants.Count > 0
            ? merchants
            : throw Missing("Customs:Merchants", "至少一个商户，含 EbpCode 和 Signing，如 Customs:Merchants:<名称>:EbpCode", "at least one merchant, with EbpCode and Signing, as Customs:Merchants:<name>:EbpCode");
    }

    private MerchantOptions Merchant(IConfigurationSection section, IReadOnlySet<string> plainHttpHosts)
    {
        var name = section.Key;
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name.Equals("api", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong("Customs:Merchants", name, "至多 64 个字母、数字、'-'、'_'、'.'（名称出现在地址中）；'api' 已占用", "names of up to 64 letters, digits, '-', '_' and '.', because they stand in addresses; 'api' is taken");
        }

        var key = $"Customs:Merchants:{name}";
        var ebpCode = Required($"{key}:EbpCode", "电商平台代码，至多 18 个字符", "the platform's customs code, up to 18 characters");
        if (ebpCode.Length > EbpCodeLength)
        {
            throw Wrong($"{key}:EbpCode", ebpCode, "至多 18 个字符", "up to 18 characters");
        }

        var rawPolicy = (configuration[$"{key}:RawPolicy"] ?? "raw") switch
        {
            "raw" => RawPolicy.Raw,
            "url-encode" => RawPolicy.UrlEncode,
            "strip" => RawPolicy.Strip,
            var other => throw Wrong($"{key}:RawPolicy", other, "raw、url-encode 或 strip", "raw, url-encode or strip"),
        };
        var reader = new SigningOptionsReader(configuration, secrets, cbt => Cbt(cbt, plainHttpHosts));
        var keys = SigningSections(key).Select(section => reader.Read($"{key}:{section}", section)).ToList();
        if (keys.Count(one => one.Agents.Count > 0) > 1)
        {
            throw Invalid($"{key}:Signing", "至多一项 Kind 为 Agent；同一项下可列多个签名代理", "one entry of kind Agent at most; it may name several agents");
        }

        return new MerchantOptions(name, ebpCode, rawPolicy, keys[0]) { Substitutes = keys[1..], Bridge = MerchantAtBridge($"{key}:Bridge") };
    }

    private string? Secret(string key) => configuration.Secret(secrets, key);

    private string Required(string key, string zh, string en) => configuration.Required(key, zh, en);

    private TimeSpan Seconds(string key, int defaultSeconds, int least, int most) => TimeSpan.FromSeconds(Whole(key, defaultSeconds, least, most));

    private int Whole(string key, int defaultValue, int least, int most)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return defaultValue;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(key, text, string.Create(CultureInfo.InvariantCulture, $"{least} 至 {most} 的整数"), string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    private bool Flag(string key) => configuration[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw Wrong(key, text, "true 或 false", "true or false"),
    };

    private TimeZoneInfo Zone(string key) =>
        configuration[key] is not { Length: > 0 } id ? ChinaTime.Zone
        : TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
        : throw Wrong(key, id, "本机所知的时区，如 Asia/Shanghai", "a time zone that this machine knows, such as Asia/Shanghai");

    private string Cron(string key, string defaultValue)
    {
        var text = configuration[key] is { Length: > 0 } value ? value : defaultValue;
        return Quartz.CronExpression.TryParse(text, out _) ? text : throw Wrong(key, text, "Quartz cron 表达式，如 '0 15 3 * * ?'", "a Quartz cron expression such as '0 15 3 * * ?'");
    }
}
