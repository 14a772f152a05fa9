using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Erp.Customs.Simulator;

/// <summary>
/// Plays the EportClient control (单一窗口安全控件) with a card in its reader: WebSocket, JSON, one call at a time, greeting first; counts wrong PINs and locks the card as a real one does.
/// </summary>
public sealed class EportControl : IAsyncDisposable
{
    private const int TriesBeforeLock = 5;
    private const int MessageLimit = 4 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<EportCall> _calls = new();
    private readonly SemaphoreSlim _card = new(1);
    private int _wrongPins;

    private EportControl(WebApplication app, IssuedCard card, string pin) => (_app, Card, Pin) = (app, card, pin);

    /// <summary>Where it listens, ws.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The card in the reader; may be changed.</summary>
    public IssuedCard Card { get; set; }

    /// <summary>Its PIN.</summary>
    public string Pin { get; set; }

    /// <summary>What goes wrong from now on.</summary>
    public EportMood Mood { get; set; }

    /// <summary>How long the card takes for a signature. The default value is none.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Wrong PINs since the last right one.</summary>
    public int WrongPins => Volatile.Read(ref _wrongPins);

    /// <summary>Every call, in order.</summary>
    public IReadOnlyCollection<EportCall> Calls => _calls;

    /// <summary>Starts it.</summary>
    /// <param name="card">The card in the reader.</param>
    /// <param name="pin">Its PIN.</param>
    /// <param name="urls">Where to listen. The default value is a free port of this machine.</param>
    public static async Task<EportControl> StartAsync(IssuedCard card, string pin, string urls = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        var control = new EportControl(app, card, pin);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Run(control.ServeAsync);
        await app.StartAsync();
        var http = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        control.Address = new UriBuilder(http) { Scheme = "ws" }.Uri;
        return control;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _card.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _app.Lifetime.ApplicationStopping);
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        try
        {
            await SendAsync(socket, """{"_id":0,"_method":"open","_status":"00","_args":{"Result":true,"Data":["EportClient"],"Error":[]}}""", stopped.Token);
            while (await ReceiveAsync(socket, stopped.Token) is { } message)
            {
                await AnswerAsync(http, socket, message, stopped.Token);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            // The caller hung up, or was hung up on.
        }
    }

    private async Task AnswerAsync(HttpContext http, WebSocket socket, string message, CancellationToken cancellationToken)
    {
        if (Parse(message) is not { } call || Mood == EportMood.Garbage)
        {
            await SendAsync(socket, "数据格式非法", cancellationToken);
            return;
        }

        var (id, method, args) = call;
        if (Mood == EportMood.Busy || !await _card.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            await SendAsync(socket, Reply(id, method, ["[智能卡]卡正忙", "Err:Custom50110"]), cancellationToken);
            return;
        }

        try
        {
            var reply = Mood switch
            {
                EportMood.Hanging => null,
                EportMood.Unplugged => Reply(id, method, ["[读卡器底层库]复位读卡器失败:错误码=50070", "Err:Custom50070"]),
                EportMood.Unknown => Reply(id, method, ["[安全控件]0x8A31", "Err:Custom59999"]),
                EportMood.OtherId => Do(id + 1, method, args),
                _ => Do(id, method, args),
            };
            if (Latency > TimeSpan.Zero)
            {
                await Task.Delay(Latency, cancellationToken);
            }

            if (reply is null)
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
            else if (Mood == EportMood.Cut)
            {
                var half = Encoding.UTF8.GetBytes(reply)[..20];
                await socket.SendAsync(half, WebSocketMessageType.Text, endOfMessage: false, cancellationToken);
            }
            else
            {
                await SendAsync(socket, reply, cancellationToken);
            }
        }
        finally
        {
            _card.Release();
        }

        if (Mood == EportMood.Cut)
        {
            http.Abort();
        }
    }

    private string Do(int id, string method, JsonObject args) => method switch
    {
        "cus-sec_SpcGetCertNo" => Reply(id, method, data: [Card.CertNo]),
        "cus-sec_SpcGetSignCertAsPEM" => Reply(id, method, data: [Convert.ToBase64String(Card.Certificate.Span, Base64FormattingOptions.InsertLineBreaks)]),
        "cus-sec_SpcSignDataAsPEM" => Sign(id, method, args),
        _ => Reply(id, method, ["[安全控件]没有此方法", "Err:Base60002"]),
    };

    private string Sign(int id, string method, JsonObject args)
    {
        var isRight = (string?)args["passwd"] == Pin;
        _calls.Enqueue(new EportCall(method, isRight));
        if (WrongPins >= TriesBeforeLock)
        {
            return Reply(id, method, ["[智能卡]卡已锁定", "Err:Custom50080"]);
        }

        if (!isRight)
        {
            Interlocked.Increment(ref _wrongPins);
            return Reply(id, method, ["[智能卡]校验密码失败", "Err:Custom50081"]);
        }

        Volatile.Write(ref _wrongPins, 0);
        var text = Mood == EportMood.OtherText ? "another text" : (string?)args["inData"] ?? "";
        var certNo = Mood == EportMood.OtherCertNo ? "0300000000ffffff" : Card.CertNo;
        return Reply(id, method, data: [Convert.ToBase64String(Card.Sign(Encoding.UTF8.GetBytes(text))), certNo.ToUpperInvariant()]);
    }

    private static (int Id, string Method, JsonObject Args)? Parse(string message)
    {
        try
        {
            return JsonNode.Parse(message) is JsonObject call && (int?)call["_id"] is { } id && (string?)call["_method"] is { } method && call["args"] is JsonObject args ? (id, method, args) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Reply(int id, string method, IReadOnlyList<string>? errors = null, IReadOnlyList<string>? data = null) => JsonSerializer.Serialize(new
    {
        _id = id,
        _method = method,
        _status = "00",
        _args = new { Result = errors is null, Data = data ?? [], Error = errors ?? [] },
    });

    private static Task SendAsync(WebSocket socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private static async Task<string?> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close || message.Length > MessageLimit)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }
}

/// <summary>A call that carried a PIN.</summary>
/// <param name="Method">Which.</param>
/// <param name="PinWasRight">Whether it was the card's.</param>
public sealed record EportCall(string Method, bool PinWasRight);
