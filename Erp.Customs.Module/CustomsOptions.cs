using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>Settings under <c>Customs:</c>, read and checked once by <see cref="CustomsOptionsReader"/>. Every limit stands here once, with value and unit.</summary>
internal sealed record CustomsOptions
{
    /// <summary><c>Customs:BasePath</c>. The default value is /customs.</summary>
    public string BasePath { get; init; } = "/customs";

    /// <summary><c>Customs:Upload:Url</c>: where payExInfoStr is posted to. Required.</summary>
    public required Uri UploadUrl { get; init; }

    /// <summary>Whether <see cref="UploadUrl"/> is customs' live address, their test address, or another.</summary>
    public CustomsEnvironment Environment { get; init; }

    /// <summary><c>Customs:Upload:TestUrl</c>: where test uploads (联调) go, and nothing else. The default value is customs' test address.</summary>
    public Uri TestUrl { get; init; } = new(CustomsOptionsReader.TestUrl);

    /// <summary><c>Customs:Upload:Timeout</c>: how long one upload may take. The default value is 20 seconds.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>Customs:Upload:ServiceTimeAsNumber</c>: writes serviceTime in payExInfoStr as a number. The default value is false: a string, as in the payloads that customs accepted.</summary>
    public bool ServiceTimeAsNumber { get; init; }

    /// <summary><c>Customs:Deadline</c>: when an answer is due after receipt. The default value is 120 seconds.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>Customs:Retry:&lt;class&gt;</c>: when what failed is tried again, by the class of the failure. A class that is not here is a person's at once.</summary>
    public IReadOnlyDictionary<FailureClass, RetryOptions> Retry { get; init; } = RetryOptions.Defaults(TimeSpan.FromSeconds(120));

    /// <summary><c>Customs:Circuit</c>: when customs or a signer count as away.</summary>
    public CircuitOptions Circuit { get; init; } = CircuitOptions.Default;

    /// <summary><c>Customs:RequestsPerSecond</c>: how many platDataOpen requests are taken in a second, all callers together. The default value is 2000.</summary>
    public int RequestsPerSecond { get; init; } = 2000;

    /// <summary><c>Customs:OrderNumbersOverlap</c>: whether several merchants may use the same order number; each then registers <c>{base}/{merchant}/platDataOpen</c>. The default value is false.</summary>
    public bool OrderNumbersOverlap { get; init; }

    /// <summary><c>Customs:PlainHttpHosts</c>: hosts besides loopback that may be spoken to without TLS. The default value is none.</summary>
    public IReadOnlySet<string> PlainHttpHosts { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>Customs:ApiKeys:&lt;name&gt;</c>: SHA-256 of each key of the integration API, lower-case hex, by the key's name.</summary>
    public IReadOnlyDictionary<string, byte[]> ApiKeys { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary><c>Customs:Retention:Years</c>: how long a payment is kept after the transaction was over. The default value is 3 years, which is also the least.</summary>
    public int RetentionYears { get; init; } = 3;

    /// <summary><c>Customs:Retention:Cron</c>: when retention runs. The default value is 03:15 every day.</summary>
    public string RetentionCron { get; init; } = "0 15 3 * * ?";

    /// <summary><c>Customs:Retention:TimeZone</c>: whose time <see cref="RetentionCron"/> means; terms are counted in China time whatever it is. The default value is China time.</summary>
    public TimeZoneInfo RetentionZone { get; init; } = ChinaTime.Zone;

    /// <summary><c>Customs:Retention:DryRun</c>: counts and reports without erasing. The default value is false.</summary>
    public bool RetentionDryRun { get; init; }

    /// <summary><c>Customs:Completeness:Cron</c>: when the daily reconciliation runs, China time. The default value is 04:30 every day.</summary>
    public string CompletenessCron { get; init; } = "0 30 4 * * ?";

    /// <summary><c>Customs:Database</c>: where the tables stand. The default value is an SQLite file in the module's data folder.</summary>
    public DatabaseOptions Database { get; init; } = new(DatabaseEngine.Sqlite, "");

    /// <summary><c>Customs:Jobs:Engine</c>: what drives the uploads. The default value is auto.</summary>
    public JobEngineChoice JobEngine { get; init; }

    /// <summary><c>Customs:Bridge</c>; <see langword="null"/> without a BaseUrl: nothing is pushed to any bridge.</summary>
    public BridgeOptions? Bridge { get; init; }

    /// <summary><c>Customs:Alerts</c>: how people are told. The default value has no channel but those that are always there.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary><c>Customs:Archive</c>: how the evidence is sealed. The default value needs no setting.</summary>
    public ArchiveOptions Archive { get; init; } = new();

    /// <summary><c>Customs:Merchants:&lt;name&gt;</c>: at least one.</summary>
    public required IReadOnlyDictionary<string, MerchantOptions> Merchants { get; init; }
}

/// <summary><c>Customs:Database</c>. Not used where the host hands in a database of its own.</summary>
/// <param name="Engine"><c>Engine</c>: sqlite, postgresql or sqlserver.</param>
/// <param name="ConnectionString"><c>ConnectionString</c>: required for the server engines, empty for SQLite. It may hold a password.</param>
internal sealed record DatabaseOptions(DatabaseEngine Engine, string ConnectionString)
{
    /// <summary>Without the connection string.</summary>
    public override string ToString() => Engine.ToString();
}

/// <summary>What kind of database the tables stand in.</summary>
internal enum DatabaseEngine
{
    /// <summary><c>sqlite</c>: a file of the module's own, one process on one machine.</summary>
    Sqlite,

    /// <summary><c>postgresql</c>: a server that several nodes may share.</summary>
    PostgreSql,

    /// <summary><c>sqlserver</c>: likewise.</summary>
    SqlServer,
}

/// <summary><c>Customs:Jobs:Engine</c>.</summary>
internal enum JobEngineChoice
{
    /// <summary><c>auto</c>: Hangfire where this build has it for the module's database, otherwise Quartz.</summary>
    Auto,

    /// <summary><c>hangfire</c>: Hangfire or nothing.</summary>
    Hangfire,

    /// <summary><c>quartz</c>: Quartz, also where Hangfire is built in.</summary>
    Quartz,
}

/// <summary>Whose upload address is configured.</summary>
internal enum CustomsEnvironment
{
    /// <summary>Neither of customs' addresses: a rehearsal against another server.</summary>
    Other,

    /// <summary>测试, swapptest.singlewindow.cn.</summary>
    Test,

    /// <summary>生产, customs.chinaport.gov.cn.</summary>
    Live,
}
