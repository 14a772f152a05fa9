using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Erp.Customs.Simulator;

/// <summary>
/// Plays the signing service of the Shanghai CBT gateway (上海跨境电商公共服务平台, document 3.1): form fields EData and payExInfoStr, Base64 of JSON; it makes serviceTime itself and signs with the
/// firm's card over the very characters that it was given.
/// </summary>
public sealed class CbtGateway : IAsyncDisposable
{
    private const int FormLimit = 4 * 1024 * 1024;

    private static readonly string[] s_members = ["sessionID", "payExchangeInfoHead", "payExchangeInfoLists"];

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<CbtCall> _calls = new();
    private readonly ConcurrentDictionary<string, bool> _serials = new(StringComparer.Ordinal);
    private int _followed;

    private CbtGateway(WebApplication app, IssuedCard card, string token, TimeProvider time) => (_app, Card, Token, _time) = (app, card, token, time);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The firm's card in its device; may be changed.</summary>
    public IssuedCard Card { get; set; }

    /// <summary>公服认证 token of the firm.</summary>
    public string Token { get; set; }

    /// <summary>白名单: who may ask. The default value is this machine.</summary>
    public IReadOnlyCollection<IPAddress> AllowedAddresses { get; set; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>What goes wrong from now on.</summary>
    public CbtMood Mood { get; set; }

    /// <summary>Every call that was understood, in order.</summary>
    public IReadOnlyCollection<CbtCall> Calls => _calls;

    /// <summary>How often somebody followed its redirect.</summary>
    public int Followed => Volatile.Read(ref _followed);

    /// <summary>Starts it.</summary>
    /// <param name="card">The firm's card.</param>
    /// <param name="token">Its token.</param>
    /// <param name="urls">Where to listen. The default value is a free port of this machine.</param>
    /// <param name="time">Its clock, which makes serviceTime. The default value is the system's.</param>
    public static async Task<CbtGateway> StartAsync(IssuedCard card, string token, string urls = "http://127.0.0.1:0", TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => form.ValueLengthLimit = FormLimit);
        var app = builder.Build();
        var gateway = new CbtGateway(app, card, token, time ?? TimeProvider.System);
        app.Run(gateway.ServeAsync);
        await app.StartAsync();
        gateway.Address = new Uri(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/cbt/sign179");
        return gateway;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (http.Request.Path == "/elsewhere")
        {
            Interlocked.Increment(ref _followed);
        }

        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reply = Answer(http.Connection.RemoteIpAddress, form["EData"].ToString(), form["payExInfoStr"].ToString());
        switch (Mood)
        {
            case CbtMood.Hanging:
                using (var stopped = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _app.Lifetime.ApplicationStopping))
                {
                    await Task.Delay(Timeout.Infinite, stopped.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }

                break;
            case CbtMood.Busy:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case CbtMood.Redirect:
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = "/elsewhere";
                break;
            case CbtMood.Garbage:
                await http.Response.WriteAsync("<html><body>系统维护中</body></html>");
                break;
            case CbtMood.Endless:
                await http.Response.WriteAsync($$"""{"status":"success","msg":"{{new string('x', 4 * 1024 * 1024)}}"}""");
                break;
            case CbtMood.Cut:
                http.Response.ContentLength = Encoding.UTF8.GetByteCount(reply);
                await http.Response.WriteAsync(reply[..20]);
                await http.Response.Body.FlushAsync();
                http.Abort();
                break;
            default:
                http.Response.ContentType = "application/json; charset=utf-8";
                await http.Response.WriteAsync(reply);
                break;
        }
    }

    private string Answer(IPAddress? caller, string data, string message)
    {
        var header = Header(data);
        var serial = header?.GetValueOrDefault("serialNumber") ?? "";
        if (Mood == CbtMood.IllegalClientIp || caller is null || !AllowedAddresses.Contains(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller))
        {
            return Failure("ILLEGAL_CLIENT_IP", serial, "客户端 IP 地址无权访问服务");
        }

        if (Mood == CbtMood.IllegalArgument || header is null || !IsRight(header) || Parts(message) is not { } parts || !_serials.TryAdd(serial, true))
        {
            return Failure("ILLEGAL_ARGUMENT", serial, "参数不正确");
        }

        if (Mood == CbtMood.NoPrivilege || (header.GetValueOrDefault("token") ?? header["Token"]) != Token)
        {
            return Failure("HASH_NO_PRIVILEGE", serial, "没有权限访问该服务");
        }

        switch (Mood)
        {
            case CbtMood.NoCertificate:
                return Failure("CERT_NO_EXIST", serial, "证书不存在");
            case CbtMood.SystemError:
                return Failure("SYSTEM_ERROR", serial, "系统错误");
            case CbtMood.UnknownError:
                return Failure("HSM_OFFLINE", serial, "密码机离线");
        }

        _calls.Enqueue(new CbtCall(serial, header["commitTime"], header.ContainsKey("cusCode")));
        var serviceTime = _time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var text = Mood == CbtMood.OtherText
            ? "another text"
            : $"\"sessionID\":\"{parts.SessionId}\"||\"payExchangeInfoHead\":\"{parts.Head}\"||\"payExchangeInfoLists\":\"{parts.Lists}\"||\"serviceTime\":\"{serviceTime}\"";
        return JsonSerializer.Serialize(new
        {
            status = "success",
            code = "",
            msg = "",
            serialNumber = Mood == CbtMood.OtherSerial ? "20119182839304" : serial,
            serviceTime,
            certNo = Mood == CbtMood.OtherCertNo ? "0300000000ffffff" : Card.CertNo,
            signValue = Convert.ToBase64String(Card.Sign(Encoding.UTF8.GetBytes(text))),
        });
    }

    private static Dictionary<string, string>? Header(string data)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(Convert.FromBase64String(data));
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Fields and lengths of document 3.1.2.2; the names as in its table or as in its sample.</summary>
    private static bool IsRight(Dictionary<string, string> header) =>
        header.GetValueOrDefault("version") == "1.0"
        && header.GetValueOrDefault("commitTime") is { Length: 14 } time && time.All(char.IsAsciiDigit)
        && header.GetValueOrDefault("serialNumber") is { Length: > 0 and <= 32 }
        && (header.GetValueOrDefault("coName") ?? header.GetValueOrDefault("cusName")) is { Length: > 0 and <= 60 }
        && (header.GetValueOrDefault("coCode") ?? header.GetValueOrDefault("cusCode")) is { Length: > 0 and <= 18 }
        && (header.GetValueOrDefault("token") ?? header.GetValueOrDefault("Token")) is { Length: > 0 and <= 32 };

    /// <summary>The very characters between which the text is put together.</summary>
    private static (string SessionId, string Head, string Lists)? Parts(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(message));
            var members = document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
            return s_members.All(members.ContainsKey) && members.Count == s_members.Length
                ? (members["sessionID"].GetString()!, members["payExchangeInfoHead"].GetRawText(), members["payExchangeInfoLists"].GetRawText())
                : null;
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string Failure(string code, string serialNumber, string msg) => JsonSerializer.Serialize(new { status = "failure", code, serialNumber, msg });
}

/// <summary>A call that was signed.</summary>
/// <param name="SerialNumber">Its number.</param>
/// <param name="CommitTime">Its time, yyyyMMddHHmmss.</param>
/// <param name="AsInTable">Whether its fields were named as in the document's table.</param>
public sealed record CbtCall(string SerialNumber, string CommitTime, bool AsInTable);
