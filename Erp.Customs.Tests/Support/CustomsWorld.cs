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
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Support;

/// <summary>
/// Everything real around one test: an ERP on a socket with the module in it, a database file, customs on another socket, an RSA and an SM2 card.
/// </summary>
internal sealed class CustomsWorld : IAsyncDisposable
{
    public const string Ningbo = "ningbo";
    public const string Guangzhou = "guangzhou";
    public const string EbpNingbo = "3302660075";
    public const string EbpGuangzhou = "4404840022";

    /// <summary>The merchant ningbo's name at the payment bridge; guangzhou has none.</summary>
    public const string NingboAtBridge = "宁波商户";

    private const string Key = "key-of-the-erp";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

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
            ["Customs:ApiKeys:erp"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        };
        BridgeOf(all, customs);
        Card(all, folder, customs, Ningbo, EbpNingbo, CardKind.Rsa1024);
        Card(all, folder, customs, Guangzhou, EbpGuangzhou, CardKind.Sm2);
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
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

    /// <summary>An order for the payment bridge, as an ERP would hand it in.</summary>
    public static JsonObject Push(string orderNo, string operation = "A", decimal orderTotal = 100m) => new()
    {
        ["merchant"] = Ningbo,
        ["orderNo"] = orderNo,
        ["receiverName"] = "张三",
        ["receiverCardNo"] = "11010519491231002X",
        ["receiverMobile"] = "13817494910",
        ["totalNum"] = 5,
        ["orderTotal"] = orderTotal,
        ["payTime"] = "2026-11-11T00:00:01+08:00",
        ["customsCode"] = "HG014",
        ["operation"] = operation,
        ["goods"] = new JsonArray(
            new JsonObject { ["gname"] = "婴儿奶粉 800g", ["itemLink"] = "https://shop.example.cn/item/1" },
            new JsonObject { ["gname"] = "纸尿裤 \"M\" 64片", ["itemLink"] = "https://shop.example.cn/item/2" }),
    };

    public Task<HttpResponseMessage> PushAsync(JsonObject push) => SendAsync(HttpMethod.Post, "/customs/api/orders/push", push);

    public async Task PushedAsync(JsonObject push)
    {
        using var response = await PushAsync(push);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until an order stands somewhere at the bridge.</summary>
    public async Task<PushStatus> WaitForPushAsync(string orderNo, Func<PushStatus, bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        PushStatus? status = null;
        try
        {
            while (true)
            {
                status = await Services.FindPushAsync(orderNo, null, limit.Token);
                if (status is not null && until(status))
                {
                    return status;
                }

                await Task.Delay(10, limit.Token);
            }
        }
        catch (OperationCanceledException tooLong)
        {
            throw new TimeoutException($"Order {orderNo} stands at {status}\n{Log.All}", tooLong);
        }
    }

    public Task<PushStatus> WaitForPushAsync(string orderNo, string state) => WaitForPushAsync(orderNo, status => status.State == state);

    /// <summary>The bridge pays and declares an order and calls back; waits until it is in the archive.</summary>
    public async Task<PushStatus> PaidAsync(string orderNo)
    {
        await WaitForPushAsync(orderNo, status => status.Attempts > 0 && status.State != "pending");
        Customs.Bridge.Pay(NingboAtBridge, orderNo);
        Assert.Equal((200, "ok"), await Customs.Bridge.CallBackAsync(CallbackAddress, orderNo));
        return await WaitForPushAsync(orderNo, status => status.State == "done" && status.NextAttemptAt is null);
    }

    public Uri CallbackAddress => new(Http.BaseAddress!, "/customs/payment-callback");

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

    private static void BridgeOf(Dictionary<string, string?> settings, CustomsServer customs)
    {
        settings["Customs:Bridge:BaseUrl"] = customs.BaseAddress.ToString();
        foreach (var (name, value) in new[]
        {
            ("MerchantName", NingboAtBridge), ("PayCode", "4403169D3W"), ("VerDept", "1"), ("PayType", "4"),
            ("RecpAccount", "6217850100007893905"), ("RecpCode", "91330201MA2AG12345"), ("RecpName", "宁波海淘贸易有限公司"),
        })
        {
            settings[$"Customs:Merchants:{Ningbo}:Bridge:{name}"] = value;
        }
    }

    private static void Card(Dictionary<string, string?> settings, string folder, CustomsServer customs, string merchant, string ebpCode, CardKind kind)
    {
        var file = Path.Combine(folder, "keys", merchant + ".pem");
        var certificate = Path.Combine(folder, "keys", merchant + ".crt");
        if (!File.Exists(file))
        {
            var card = new CardIssuer(TimeProvider.System).Issue(kind, merchant);
            card.WriteKey(file, password: "rehearsal");
            card.WriteCertificate(certificate);
            File.WriteAllText(certificate + ".no", card.CertNo);
        }

        customs.Register.RegisterPem(File.ReadAllText(certificate + ".no"), ebpCode, File.ReadAllText(certificate));
        settings[$"Customs:Merchants:{merchant}:EbpCode"] = ebpCode;
        settings[$"Customs:Merchants:{merchant}:Signing:Kind"] = "KeyFile";
        settings[$"Customs:Merchants:{merchant}:Signing:KeyFile"] = file;
        settings[$"Customs:Merchants:{merchant}:Signing:KeyPassword"] = "rehearsal";
    }

    private static ModuleManifest Manifest() => JsonSerializer.Deserialize<ModuleManifest>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "module.json")), Json)!;
}
