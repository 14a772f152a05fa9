using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Erp.Customs.Reliability.World;

/// <summary>
/// Stands between the module and customs on a bare socket: the first upload of each session is answered as the present mood wants it, every later one is customs'.
/// </summary>
internal sealed partial class Impostor : IAsyncDisposable
{
    private static readonly Lazy<byte[]> s_bomb = new(() =>
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var megabyte = 0; megabyte < 200; megabyte++)
            {
                gzip.Write(zeros);
            }
        }

        return packed.ToArray();
    });

    private static readonly Lazy<byte[]> s_gbk = new(() => CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes("""{"code":"20099","message":"系统繁忙"}"""));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _customs;
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<string, bool> _met = new(StringComparer.Ordinal);

    public Impostor(HttpClient customs)
    {
        _customs = customs;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the module is to upload.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/upload");

    /// <summary>The moods by name. Each writes what it wants; what it leaves open is cut.</summary>
    public static IReadOnlyDictionary<string, Func<NetworkStream, CancellationToken, Task>> Moods { get; } = new Dictionary<string, Func<NetworkStream, CancellationToken, Task>>(StringComparer.Ordinal)
    {
        ["500"] = (stream, stop) => TextAsync(stream, "500 Internal Server Error", "oops", stop),
        ["502"] = (stream, stop) => TextAsync(stream, "502 Bad Gateway", "<html>bad gateway</html>", stop),
        ["503 with Retry-After"] = (stream, stop) => TextAsync(stream, "503 Service Unavailable\r\nRetry-After: 1", "", stop),
        ["429"] = (stream, stop) => TextAsync(stream, "429 Too Many Requests\r\nRetry-After: 1", "", stop),
        ["200 with 20000"] = (stream, stop) => TextAsync(stream, "200 OK", """{"code":"20000","message":"上传失败","total":0,"serviceTime":1542337661665}""", stop),
        ["html"] = (stream, stop) => TextAsync(stream, "200 OK", "<html><body>维护中</body></html>", stop),
        ["empty"] = (stream, stop) => TextAsync(stream, "200 OK", "", stop),
        ["broken JSON"] = (stream, stop) => TextAsync(stream, "200 OK", """{"code":"10000","mess""", stop),
        ["wrong types"] = (stream, stop) => TextAsync(stream, "200 OK", """{"code":{"a":1},"message":[],"total":"x"}""", stop),
        ["10 MB"] = (stream, stop) => TextAsync(stream, "200 OK", $$"""{"code":"10000","message":"{{new string('x', 10 * 1024 * 1024)}}"}""", stop),
        ["gzip bomb"] = (stream, stop) => BytesAsync(stream, "200 OK\r\nContent-Encoding: gzip", s_bomb.Value, stop),
        ["GBK"] = (stream, stop) => BytesAsync(stream, "200 OK\r\nContent-Type: application/json; charset=gbk", s_gbk.Value, stop),
        ["chunk stops half-way"] = (stream, stop) => RawAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"code\":\"100", stop),
        ["RST before the body"] = (stream, _) => ResetAsync(stream),
        ["RST after the body"] = async (stream, stop) =>
        {
            await RawAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":", stop);
            await ResetAsync(stream);
        },
        ["black hole"] = (_, stop) => Task.Delay(Timeout.Infinite, stop),
        ["1 byte/s"] = async (stream, stop) =>
        {
            foreach (var letter in "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")
            {
                await RawAsync(stream, letter.ToString(), stop);
                await Task.Delay(1_000, stop);
            }
        },
        ["redirect to another host"] = (stream, stop) => TextAsync(stream, "307 Temporary Redirect\r\nLocation: http://127.0.0.2:9/elsewhere", "", stop),
    };

    /// <summary>What is done to the first upload of each session; <see langword="null"/> for nothing.</summary>
    public string? Mood { get; set; }

    /// <summary>
    /// Asked when a session's upload has arrived and customs do not have it yet, when customs have answered, and when their answer is on its way to the module: whether to go on.
    /// </summary>
    public Func<Seam, string, Task<bool>> At { get; set; } = (_, _) => Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        try
        {
            var (contentType, body) = await ReadAsync(stream, _stop.Token);
            var sessionId = SessionOf(body);
            if (Mood is { } mood && _met.TryAdd(sessionId, true))
            {
                await Moods[mood](stream, _stop.Token);
                return;
            }

            if (!await At(Seam.Arrived, sessionId))
            {
                return;
            }

            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var answer = await _customs.PostAsync((Uri?)null, content, _stop.Token);
            var reply = await answer.Content.ReadAsByteArrayAsync(_stop.Token);
            if (await At(Seam.Judged, sessionId))
            {
                await BytesAsync(stream, $"{(int)answer.StatusCode} Customs", reply, _stop.Token);
                await At(Seam.Answered, sessionId);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or HttpRequestException or SocketException or ObjectDisposedException)
        {
            // The module went away, or the proof has ended.
        }
    }

    private static string SessionOf(byte[] form) => Session().Match(WebUtility.UrlDecode(Encoding.UTF8.GetString(form))) is { Success: true } found ? found.Groups["id"].Value : "";

    private static async Task<(string ContentType, byte[] Body)> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var read = new List<byte>();
        var one = new byte[64 * 1024];
        int end;
        while ((end = read.ToArray().AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            var now = await stream.ReadAsync(one, stop);
            read.AddRange(now > 0 ? one[..now] : throw new IOException("It went away."));
        }

        var head = Encoding.ASCII.GetString([.. read[..end]]);
        var length = int.Parse(ContentLength().Match(head).Groups["length"].Value, CultureInfo.InvariantCulture);
        var body = read[(end + 4)..];
        while (body.Count < length)
        {
            var now = await stream.ReadAsync(one, stop);
            body.AddRange(now > 0 ? one[..now] : throw new IOException("It went away."));
        }

        return (ContentType().Match(head).Groups["type"].Value.Trim(), [.. body]);
    }

    private static Task TextAsync(NetworkStream stream, string status, string body, CancellationToken stop) => BytesAsync(stream, status, Encoding.UTF8.GetBytes(body), stop);

    private static async Task BytesAsync(NetworkStream stream, string status, byte[] body, CancellationToken stop)
    {
        await RawAsync(stream, string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), stop);
        await stream.WriteAsync(body, stop);
    }

    private static Task RawAsync(NetworkStream stream, string text, CancellationToken stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop).AsTask();

    private static Task ResetAsync(NetworkStream stream)
    {
        stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        stream.Socket.Close();
        return Task.CompletedTask;
    }

    [GeneratedRegex("\"sessionID\":\"(?<id>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Session();

    [GeneratedRegex("content-length: *(?<length>[0-9]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ContentLength();

    [GeneratedRegex("content-type: *(?<type>[^\r\n]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ContentType();
}

/// <summary>Where an upload is.</summary>
internal enum Seam
{
    /// <summary>All its bytes have been sent; customs do not have them.</summary>
    Arrived,

    /// <summary>Customs have answered; the module does not know it.</summary>
    Judged,

    /// <summary>The answer has been sent; whether the module has saved it nobody knows.</summary>
    Answered,
}
