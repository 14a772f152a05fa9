using System.Buffers;
using System.Net.WebSockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Erp.Customs.Module.Signing.Eport;

/// <summary>
/// The wire to an EportClient control (单一窗口安全控件): JSON over a WebSocket, a reply for each call, matched by id and method. Connects when it is first needed and again after every
/// failure, so that no late reply can be taken for another call's. One call at a time: the caller sees to it.
/// </summary>
/// <param name="address">Where the control listens, ws or wss.</param>
/// <param name="time">The clock of the limits.</param>
internal sealed class EportWire(Uri address, TimeProvider time) : IDisposable
{
    /// <summary>Longest message that is read. 1 MiB.</summary>
    private const int MessageLimit = 1024 * 1024;

    /// <summary>How long the control may take to answer a call, connecting included. 15 seconds: so that what it kept waiting is signed within 30 seconds of its return.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <summary>The control takes its text as it is; what .NET escapes by default it would sign escaped.</summary>
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ClientWebSocket? _socket;
    private int _lastId;

    /// <summary>Whether the last call has left for the control and its answer has not come: nobody knows whether it was done.</summary>
    public bool AnswerIsLost { get; private set; }

    /// <summary>Calls a method of the control.</summary>
    /// <param name="method">Without the prefix <c>cus-sec_</c>.</param>
    /// <param name="args">Its arguments; may hold the PIN.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The control's Data; not empty.</returns>
    /// <exception cref="SignerException">It did not do it; the class tells what happens next. Never with a word of the arguments.</exception>
    public async Task<IReadOnlyList<string>> CallAsync(string method, object args, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        EportReply reply;
        AnswerIsLost = false;
        try
        {
            reply = await ExchangeAsync("cus-sec_" + method, args, either.Token);
            AnswerIsLost = false;
        }
        catch (Exception problem)
        {
            Hang();
            cancellationToken.ThrowIfCancellationRequested();
            throw problem switch
            {
                SignerException => problem,
                OperationCanceledException => Away("在时限内没有应答", "did not answer in time", problem),
                WebSocketException or IOException => Away("无法连接或连接已断开", "cannot be reached, or the connection broke", problem),
                JsonException => Away("应答无法识别", "answered what cannot be read", problem),
                _ => problem,
            };
        }

        return reply.Args is { Result: true, Data: [_, ..] data } ? data : throw EportErrors.Read(address, reply.Args?.Error ?? []);
    }

    /// <inheritdoc/>
    public void Dispose() => Hang();

    private async Task<EportReply> ExchangeAsync(string method, object args, CancellationToken cancellationToken)
    {
        var socket = await ConnectedAsync(cancellationToken);
        // 0 is the control's own.
        var id = _lastId = _lastId == int.MaxValue ? 1 : _lastId + 1;
        AnswerIsLost = true;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new EportCall(method, id, args), s_json), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            var message = await ReceiveAsync(socket, cancellationToken);
            if (!message.Span.StartsWith("{"u8))
            {
                // 数据格式非法: it has not understood the call.
                throw new JsonException();
            }

            var reply = JsonSerializer.Deserialize<EportReply>(message.Span, s_json) ?? throw new JsonException();
            // The greeting (open, id 0) and what answers another call are not for us.
            if (reply.Id == id && reply.Method == method)
            {
                return reply;
            }
        }
    }

    private async Task<ClientWebSocket> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (_socket is { State: WebSocketState.Open } open)
        {
            return open;
        }

        Hang();
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.KeepAliveInterval = TimeSpan.Zero; // the control knows no heartbeat
        _socket = socket;
        await socket.ConnectAsync(address, cancellationToken);
        return socket;
    }

    private static async Task<ReadOnlyMemory<byte>> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            message.Advance(part.Count);
            if (part.MessageType == WebSocketMessageType.Close || message.WrittenCount > MessageLimit)
            {
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            }

            if (part.EndOfMessage)
            {
                return message.WrittenMemory;
            }
        }
    }

    private void Hang()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private SignerException Away(string zh, string en, Exception inner) => new(SignerFailure.Transient, Words.Of($"签名控件 {address} {zh}", $"The control at {address} {en}"), inner);

    private sealed record EportCall(
        [property: JsonPropertyName("_method")] string Method, [property: JsonPropertyName("_id")] int Id, [property: JsonPropertyName("args")] object Args);

    private sealed record EportReply(
        [property: JsonPropertyName("_id")] int Id, [property: JsonPropertyName("_method")] string? Method, [property: JsonPropertyName("_args")] EportResult? Args);

    private sealed record EportResult(bool Result, IReadOnlyList<string>? Data, IReadOnlyList<string>? Error);
}
