using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Module;
using Erp.Customs.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Tests.Support;

/// <summary>
/// Everything real around one test: an ERP on a socket with the module in it, a database file, customs on another socket, an RSA and an SM2 card.
/// </summary>
internal sealed partial class CustomsWorld : IAsyncDisposable
{
    public const string Ningbo = "ningbo";
    public const string Guangzhou = "guangzhou";
    public const string EbpNingbo = "3302660075";
    public const string EbpGuangzhou = "4404840022";

    public const string Key = "key-of-the-erp";

    public const string Password = "password-of-the-key-file";

    /// <summary>What every world's archive is encrypted with, whoever starts on its data again.</summary>
    public static readonly string ArchiveKey = Convert.ToBase64String(SHA256.HashData("key of the archives of tests"u8));

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Making and encrypting a key is most of a world's start: one card of each kind does for all worlds.
    private static readonly Dictionary<CardKind, Lazy<(IssuedCard Card, string KeyFile)>> Cards = Enum.GetValues<CardKind>().ToDictionary(kind => kind, kind => new Lazy<(IssuedCard, string)>(() => Make(kind)));

    private readonly bool _ownsFolder;

    private CustomsWorld(string folder, bool ownsFolder, CustomsServer customs, WebApplication app, LogTrap log)
    {
        (Folder, _ownsFolder, Customs, App, Log) = (folder, ownsFolder, customs, app, log);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public string Folder { get; }

    public CustomsServer Customs { get; }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public LogTrap Log { get; }

    public IErpModules Modules => App.Services.GetRequiredService<IErpModules>();

    public ModuleStatus Module => Modules.All.Single();

    public ICustoms Services => Modules.Find<ICustoms>()!;

    public string DatabaseFile => Path.Combine(Folder, "data", "Erp.Customs", "customs.db");

    /// <summary>Starts it all; a setting given here wins, a null one is taken away.</summary>
    public static async Task<CustomsWorld> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, string? folder = null, bool mayFail = false)
    {
        var ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("erp-customs-").FullName;
        var customs = await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = Path.Combine(folder, "customs.jsonl") }, CancellationToken.None);
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Modules:Enabled"] = "Erp.Customs",
            ["Customs:Upload:Url"] = customs.UploadAddress.ToString(),
            ["Customs:Upload:TestUrl"] = customs.UploadAddress.ToString(),
            ["Customs:Archive:Key"] = ArchiveKey,
            ["Customs:ApiKeys:erp"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        };
        Give(all, folder, Ningbo, EbpNingbo, CardKind.Rsa1024);
        Give(all, folder, Guangzhou, EbpGuangzhou, CardKind.Sm2);
        Register(customs, folder);
        BridgeOf(all, customs);
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
            if (value is null)
            {
                all.Remove(name);
            }
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(all);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var log = new LogTrap();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);

        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddErpModules(modules =>
        {
            modules.ModulesDirectory = Path.Combine(folder, "no-folders");
            modules.DataDirectory = Path.Combine(folder, "data");
            modules.AddModule<CustomsModule>(Manifest(), AppContext.BaseDirectory);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseErpModules();
        await app.StartAsync();
        var world = new CustomsWorld(folder, ownsFolder, customs, app, log);
        Assert.True(mayFail || world.Module.State == ModuleState.Running, $"{world.Module.Sentence}\n{log.All}");
        return world;
    }

    /// <summary>A payment of one or more orders, as an ERP would deliver it.</summary>
    public static JsonObject Payment(string payTransactionId, params string[] orderNos) => new()
    {
        ["merchant"] = Ningbo,
        ["payTransactionId"] = payTransactionId,
        ["payCode"] = "31222699S7",
        ["totalAmount"] = 100.10m,
        ["currency"] = "142",
        ["verDept"] = "3",
        ["payType"] = "1",
        ["tradingTime"] = "2026-11-11T00:00:01+08:00",
        ["note"] = "双十一",
        ["initalRequest"] = $$$"""https://openapi.alipay.com/gateway.do?method=alipay.trade.pay&biz_content={"out_trade_no":"{{{payTransactionId}}}","subject":"奶粉　800g"}""",
        ["initalResponse"] = "{\"alipay_trade_pay_response\":{\"code\":\"10000\",\n\"msg\":\"Success\"}}",
        ["orders"] = new JsonArray([.. orderNos.Select(orderNo => new JsonObject
        {
            ["orderNo"] = orderNo,
            ["goods"] = new JsonArray(new JsonObject { ["gname"] = "婴儿奶粉 800g", ["itemLink"] = "https://shop.example.cn/item/1;https://shop.example.cn/item/2" }),
            ["recpAccount"] = "6217850100007893905",
            ["recpCode"] = "91330201MA2AG12345",
            ["recpName"] = "宁波海淘贸易有限公司",
        })]),
    };

    /// <summary>The same without the raw exchange.</summary>
    public static JsonObject Correction(string payTransactionId, params string[] orderNos)
    {
        var correction = Payment(payTransactionId, orderNos);
        correction.Remove("initalRequest");
        correction.Remove("initalResponse");
        return correction;
    }

    public Task<HttpResponseMessage> DeliverAsync(JsonObject payment) => SendAsync(HttpMethod.Post, "/customs/api/payments", payment);

    public async Task DeliveredAsync(JsonObject payment)
    {
        using var response = await DeliverAsync(payment);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? key = Key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Customs ask for an order.</summary>
    public async Task<(string SessionId, OpenReqAnswer Answer)> AskAsync(string orderNo, string? sessionId = null, OpenReqShape? shape = null, string path = "/customs/platDataOpen")
    {
        sessionId ??= Caller.NewSessionId();
        var answer = await Customs.Caller.CallPlatDataOpenAsync(new Uri(Http.BaseAddress!, path), orderNo, sessionId, shape ?? OpenReqShape.Usual, CancellationToken.None);
        return (sessionId, answer);
    }

    /// <summary>Waits until a request stands somewhere.</summary>
    public async Task<RequestStatus> WaitAsync(string sessionId, Func<RequestStatus, bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        RequestStatus? status = null;
        try
        {
            while (true)
            {
                status = await Services.FindRequestAsync(sessionId, limit.Token);
                if (status is not null && until(status))
                {
                    return status;
                }

                await Task.Delay(10, limit.Token);
            }
        }
        catch (OperationCanceledException tooLong)
        {
            throw new TimeoutException($"Session {sessionId} stands at {status?.State ?? "nothing"}: {status?.Reason}", tooLong);
        }
    }

    public Task<RequestStatus> WaitAsync(string sessionId, string state) => WaitAsync(sessionId, status => status.State == state);

    /// <summary>Asks and waits for the end.</summary>
    public async Task<RequestStatus> AnswerAsync(string orderNo, string state = "accepted")
    {
        var (sessionId, answer) = await AskAsync(orderNo);
        Assert.True(answer.IsAcknowledged, answer.Body);
        return await WaitAsync(sessionId, state);
    }

    /// <summary>What customs got in a session, as the parsed JSON of its only payload.</summary>
    public JsonNode Uploaded(string sessionId)
    {
        var uploads = Customs.Log.FindSession(sessionId)!.Uploads;
        Assert.Single(uploads.Select(upload => upload.PayloadSha256).Distinct(StringComparer.Ordinal));
        return JsonNode.Parse(Customs.Log.Read(uploads[0]).PayExInfoStr!)!;
    }

    /// <summary>Runs SQL behind the product's back, on a connection of its own.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False;Default Timeout=5");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The texts of a query's first column.</summary>
    public async Task<IReadOnlyList<string>> ColumnAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False;Default Timeout=5");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    /// <summary>How many requests of customs are in the table.</summary>
    public async Task<long> RequestsAsync() => (long)(await SqlAsync("SELECT COUNT(*) FROM customs_request"))!;

    /// <summary>How many payments are in the table.</summary>
    public async Task<long> PaymentsAsync() => (long)(await SqlAsync("SELECT COUNT(*) FROM payment"))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Customs.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Customs know the cards of this folder's merchants.</summary>
    public static void Register(CustomsServer customs, string folder)
    {
        foreach (var (merchant, ebpCode) in new[] { (Ningbo, EbpNingbo), (Guangzhou, EbpGuangzhou) })
        {
            var certificate = CertificateFile(folder, merchant);
            customs.Register.RegisterPem(File.ReadAllText(certificate + ".no"), ebpCode, File.ReadAllText(certificate));
        }
    }

    private static string KeyFile(string folder, string merchant) => Path.Combine(folder, "keys", merchant + ".pem");

    private static string CertificateFile(string folder, string merchant) => Path.Combine(folder, "keys", merchant + ".crt");

    private static void Give(Dictionary<string, string?> settings, string folder, string merchant, string ebpCode, CardKind kind)
    {
        var file = KeyFile(folder, merchant);
        if (!File.Exists(file))
        {
            var (card, keyFile) = Cards[kind].Value;
            card.WriteCertificate(CertificateFile(folder, merchant));
            File.WriteAllText(CertificateFile(folder, merchant) + ".no", card.CertNo);
            File.WriteAllText(file, keyFile);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        settings[$"Customs:Merchants:{merchant}:EbpCode"] = ebpCode;
        settings[$"Customs:Merchants:{merchant}:Signing:Kind"] = "KeyFile";
        settings[$"Customs:Merchants:{merchant}:Signing:KeyFile"] = file;
        settings[$"Customs:Merchants:{merchant}:Signing:KeyPassword"] = Password;
    }

    /// <summary>Encrypted with one round of key derivation: opening a key is most of a module's start otherwise, and these guard nothing.</summary>
    private static (IssuedCard Card, string KeyFile) Make(CardKind kind)
    {
        var card = new CardIssuer(TimeProvider.System).Issue(kind, $"Rehearsal {kind}");
        var key = EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
            NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, Password.ToCharArray(), RandomNumberGenerator.GetBytes(16),
            iterationCount: 1, new SecureRandom(), PrivateKeyFactory.CreateKey(card.PrivateKey.ToArray())).GetDerEncoded();
        return (card, $"{PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", key)}\n{card.CertificatePem}\n");
    }

    private static ModuleManifest Manifest() => JsonSerializer.Deserialize<ModuleManifest>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "module.json")), Json)!;
}
