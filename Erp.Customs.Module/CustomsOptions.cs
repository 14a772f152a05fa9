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

    /// <summary><c>Customs:Retention:Years</c>: how long a payment is kept after its trading time. The default value is 3 years, which is also the least.</summary>
    public int RetentionYears { get; init; } = 3;

    /// <summary><c>Customs:Retention:Cron</c>: when retention runs, China time. The default value is 03:15 every day.</summary>
    public string RetentionCron { get; init; } = "0 15 3 * * ?";

    /// <summary><c>Customs:Retention:DryRun</c>: counts and reports without erasing. The default value is false.</summary>
    public bool RetentionDryRun { get; init; }

    /// <summary><c>Customs:Database</c>: where the tables stand. The default value is an SQLite file in the module's data folder.</summary>
    public DatabaseOptions Database { get; init; } = new(DatabaseEngine.Sqlite, "");

    /// <summary><c>Customs:Jobs:Engine</c>: what drives the uploads. The default value is auto.</summary>
    public JobEngineChoice JobEngine { get; init; }

    /// <summary><c>Customs:Bridge</c>; <see langword="null"/> without a BaseUrl: nothing is pushed to any bridge.</summary>
    public BridgeOptions? Bridge { get; init; }

    /// <summary><c>Customs:Alerts</c>: how people are told. The default value has no channel but those that are always there.</summary>
    public AlertOptions Alerts { get; init; } = new();

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

/// <summary>One merchant (电商平台企业).</summary>
/// <param name="Name">Key under <c>Customs:Merchants</c>; also the path segment of its own platDataOpen address.</param>
/// <param name="EbpCode">电商平台代码: the platform's customs code, up to 18 characters; must match the certificate's registration.</param>
/// <param name="RawPolicy">How the raw exchange is written into the copy that is sent.</param>
/// <param name="Signing">Which key signs; of several the preferred one.</param>
internal sealed record MerchantOptions(string Name, string EbpCode, RawPolicy RawPolicy, SigningOptions Signing)
{
    /// <summary>The keys that sign when the ones before them do not, in order of preference. The default value is none.</summary>
    public IReadOnlyList<SigningOptions> Substitutes { get; init; } = [];

    /// <summary>The merchant at the payment-customs bridge; <see langword="null"/> when it pushes no orders.</summary>
    public BridgeMerchantOptions? Bridge { get; init; }

    /// <summary>The merchant once with each of its keys, the preferred one first.</summary>
    public IReadOnlyList<MerchantOptions> WithEachKey => [.. Substitutes.Prepend(Signing).Select(key => this with { Signing = key, Substitutes = [] })];

    /// <summary>The name of a setting of the key that signs, as people know it: <c>Customs:Merchants:ningbo:Signing:Pin</c>, in a list <c>Customs:Merchants:ningbo:Signing:1:Pin</c>.</summary>
    public string SigningSetting(string name) => $"Customs:Merchants:{Name}:{Signing.Section}:{name}";
}

/// <summary><c>RawPolicy</c> of a merchant: what happens to initalRequest and initalResponse in the copy that is sent. The archive keeps the original.</summary>
internal enum RawPolicy
{
    /// <summary><c>raw</c>: as it is, escaped as JSON requires. The default.</summary>
    Raw,

    /// <summary><c>url-encode</c>: percent-encoded UTF-8.</summary>
    UrlEncode,

    /// <summary><c>strip</c>: backslashes, double quotes and control characters removed, so that no escape is left.</summary>
    Strip,
}

/// <summary><c>Customs:Merchants:&lt;name&gt;:Signing</c>, or one of a list: <c>Customs:Merchants:&lt;name&gt;:Signing:0</c>, <c>:1</c> ….</summary>
/// <param name="Kind"><c>KeyFile</c>, <c>EportClient</c>, <c>CbtGateway</c>, <c>Sign64</c> or <c>Pkcs11</c>.</param>
/// <param name="KeyFile">PFX or PEM.</param>
/// <param name="KeyPassword">Password of the key file; <see langword="null"/> for an unencrypted one.</param>
/// <param name="CertificateFile">PEM or DER; needed for the gateway and Sign64, and when key file or token hold no certificate.</param>
internal sealed record SigningOptions(string Kind, string KeyFile, string? KeyPassword, string? CertificateFile)
{
    /// <summary>Where it stands in the merchant's settings: <c>Signing</c>, in a list <c>Signing:0</c>. The default value is Signing.</summary>
    public string Section { get; init; } = "Signing";

    /// <summary><c>Signing:Address</c> of an EportClient control, for which the default value is ws://127.0.0.1:61232, or of the Shanghai CBT gateway, for which it is required.</summary>
    public Uri? Address { get; init; }

    /// <summary><c>Signing:Pin</c> of card or token; a secret.</summary>
    public string? Pin { get; init; }

    /// <summary>Who asks the Shanghai CBT gateway; <see langword="null"/> for another kind.</summary>
    public CbtOptions? Cbt { get; init; }

    /// <summary><c>Signing:Library</c>: path of Sign64.dll, or of the PKCS#11 library of the device's maker.</summary>
    public string? Library { get; init; }

    /// <summary><c>Signing:TokenLabel</c>: the PKCS#11 token.</summary>
    public string? TokenLabel { get; init; }

    /// <summary><c>Signing:KeyLabel</c>: the key on it, and its certificate; <see langword="null"/> where the token holds one.</summary>
    public string? KeyLabel { get; init; }

    /// <summary>Without password, PIN and token.</summary>
    public override string ToString() => $"{Kind} {KeyFile}{Address}{TokenLabel}";
}

/// <summary>Who asks the Shanghai CBT gateway (document 3.1.2.2).</summary>
/// <param name="Name"><c>Signing:CusName</c>: 海关备案名称, up to 60 characters.</param>
/// <param name="Code"><c>Signing:CusCode</c>: 海关备案代码, up to 18 characters.</param>
/// <param name="Token"><c>Signing:Token</c>: 公服认证 token, up to 32 characters; a secret.</param>
/// <param name="AsInTable"><c>Signing:HeaderNames</c> is <c>table</c>: fields named as in the document's table, and not as in its sample.</param>
internal sealed record CbtOptions(string Name, string Code, string Token, bool AsInTable)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Name} {Code}";
}
