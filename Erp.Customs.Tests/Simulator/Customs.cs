using System.Text;
using System.Text.Json;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Simulator;

/// <summary>The simulator on a free port with a folder of its own, two registered cards and a client.</summary>
internal sealed class Customs : IAsyncDisposable
{
    public const string Order = "SO1710301150602574003";

    // Issuing an RSA key takes a moment; the cards are the same for all tests.
    private static readonly Lazy<IssuedCard> LazyRsa = new(() => new CardIssuer(new ManualTime()).Issue(CardKind.Rsa1024, "宁波海淘", "01691f7f"));
    private static readonly Lazy<IssuedCard> LazySm2 = new(() => new CardIssuer(new ManualTime()).Issue(CardKind.Sm2, "广州跨境", "03000000000cde6f"));

    private readonly bool _acceptUnasked;

    private Customs(string folder, bool acceptUnasked)
    {
        Folder = folder;
        _acceptUnasked = acceptUnasked;
    }

    public static IssuedCard Rsa => LazyRsa.Value;

    public static IssuedCard Sm2 => LazySm2.Value;

    public string Folder { get; }

    public string LogFile => Path.Combine(Folder, "customs-log.jsonl");

    public ManualTime Time { get; } = new();

    public CustomsServer Server { get; private set; } = null!;

    public CustomsLog Log => Server.Log;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(20) };

    public static async Task<Customs> StartAsync(bool acceptUnasked = false)
    {
        var customs = new Customs(Directory.CreateTempSubdirectory("customs-").FullName, acceptUnasked);
        await customs.StartServerAsync();
        return customs;
    }

    public async Task RestartAsync(Action? between = null)
    {
        await Server.DisposeAsync();
        between?.Invoke();
        await StartServerAsync();
    }

    /// <summary>A session that customs opened.</summary>
    public string Open(string orderNo = Order)
    {
        var sessionId = Caller.NewSessionId();
        Log.Append(new AskedLine(Time.GetUtcNow(), sessionId, orderNo, new Uri("http://firm.example/platDataOpen"), "", ""));
        return sessionId;
    }

    /// <summary>An upload in order for a session that customs opened.</summary>
    public Upload NewUpload(IssuedCard? card = null, string orderNo = Order) => new(card ?? Rsa, Open(orderNo), orderNo);

    public Task<Reply> PostAsync(Upload upload) => PostAsync(upload.ToString());

    public Task<Reply> PostAsync(string payload) => PostAsync(new FormUrlEncodedContent([KeyValuePair.Create("payExInfoStr", payload)]));

    public async Task<Reply> PostAsync(HttpContent content)
    {
        using var response = await Http.PostAsync(Server.UploadAddress, content);
        content.Dispose();
        Assert.Equal(200, (int)response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var root = json.RootElement;
        return new Reply(root.GetProperty("code").GetString()!, root.GetProperty("message").GetString()!, root.GetProperty("total").GetInt32(), root.GetProperty("serviceTime").GetInt64());
    }

    public static HttpContent RawForm(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        return content;
    }

    public static HttpContent RawForm(string body) => RawForm(Encoding.UTF8.GetBytes(body));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StartServerAsync()
    {
        Server = await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = LogFile, Time = Time, AcceptUnasked = _acceptUnasked }, CancellationToken.None);
        Server.Register.RegisterPem(Rsa.CertNo, Upload.Ebp, Rsa.CertificatePem);
        Server.Register.RegisterPem(Sm2.CertNo, Upload.Ebp, Sm2.CertificatePem);
    }
}

/// <summary>What customs answered.</summary>
internal sealed record Reply(string Code, string Message, int Total, long ServiceTime);
