using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using RestSharp;

namespace Erp.Customs.Module.Upload;

/// <summary>Posts saved bytes to customs (realTimeDataUp, notice 179, 1.6.2): one form field <c>payExInfoStr</c>. One client for the module's life.</summary>
internal sealed class CustomsClient : IDisposable
{
    /// <summary>Largest reply that is read. The default value is 64 KiB.</summary>
    private const int ReplyLimit = 64 * 1024;

    /// <summary>Waiting for a connection. The default value is 10 seconds.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is kept before customs' name is looked up again. The default value is 5 minutes.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HttpClient _http;
    private readonly RestClient _client;
    private readonly TimeSpan _timeout;

    public CustomsClient(CustomsOptions options)
    {
        _timeout = options.UploadTimeout;
        // TLS is verified by default; a redirect would carry the payload to whoever is named in it.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime, UseCookies = false };
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = ReplyLimit };
        _client = new RestClient(_http, new RestClientOptions { FollowRedirects = false, Encoding = Encoding.UTF8, UserAgent = "Erp.Customs" });
    }

    /// <summary>Posts once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="payload">UTF-8 of payExInfoStr, as saved.</param>
    public async Task<UploadReply> PostAsync(Uri url, byte[] payload)
    {
        // The form's percent-encoding is the same every time, so the same saved bytes are the same bytes on the wire.
        var body = "payExInfoStr=" + Uri.EscapeDataString(Utf8.GetString(payload));
        var request = new RestRequest(url, Method.Post).AddStringBody(body, ContentType.FormUrlEncoded);
        using var timeout = new CancellationTokenSource(_timeout);
        var response = await _client.ExecuteAsync(request, timeout.Token);
        var status = response.StatusCode == default ? (HttpStatusCode?)null : response.StatusCode;
        if (response.RawBytes is { Length: > 0 } reply && status == HttpStatusCode.OK && TryRead(reply, out var code, out var message))
        {
            return new UploadReply(Arrival.Answered, (int)status, reply, code, message, "");
        }

        return status is { } answered
            ? new UploadReply(ArrivalOf(answered), (int)answered, response.RawBytes ?? [], null, null, $"HTTP {(int)answered}, {response.RawBytes?.Length ?? 0} bytes that are not an answer of customs")
            : new UploadReply(NeverLeft(response.ErrorException) ? Arrival.No : Arrival.Perhaps, null, [], null, null, Describe(response));
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private static bool TryRead(byte[] reply, out string code, out string message)
    {
        code = message = "";
        try
        {
            using var document = JsonDocument.Parse(reply);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("code", out var answered) || answered.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                return false;
            }

            code = answered.ValueKind == JsonValueKind.String ? answered.GetString()! : answered.GetRawText();
            message = root.TryGetProperty("message", out var words) && words.ValueKind == JsonValueKind.String ? words.GetString()! : "";
            return code.Length is > 0 and <= 32;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A proxy or a web server in front refuses before customs read anything; a 5xx or a strange 200 may come after.</summary>
    private static Arrival ArrivalOf(HttpStatusCode status) => (int)status is >= 300 and < 500 ? Arrival.No : Arrival.Perhaps;

    /// <summary>Only what failed before a connection stood has surely not arrived.</summary>
    private static bool NeverLeft(Exception? problem) => problem is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static string Describe(RestResponse response) => response switch
    {
        { ResponseStatus: ResponseStatus.TimedOut } or { ErrorException: OperationCanceledException } => "no answer in time",
        { ErrorException: HttpRequestException { HttpRequestError: var error, InnerException: SocketException socket } } => $"{error}: {socket.SocketErrorCode}",
        { ErrorException: HttpRequestException { HttpRequestError: var error } } => error.ToString(),
        { ErrorException: { } problem } => problem.GetType().Name,
        _ => response.ResponseStatus.ToString(),
    };
}

/// <summary>Whether customs have the payload.</summary>
internal enum Arrival
{
    /// <summary>They answered.</summary>
    Answered,

    /// <summary>Surely not.</summary>
    No,

    /// <summary>Nobody knows.</summary>
    Perhaps,
}

/// <summary>What came of one upload.</summary>
/// <param name="Arrival">Whether customs have it.</param>
/// <param name="HttpStatus">Where there was one.</param>
/// <param name="Body">As received, up to 64 KiB.</param>
/// <param name="Code">Customs' code when they answered.</param>
/// <param name="Message">Customs' message when they answered.</param>
/// <param name="Error">Otherwise what went wrong; no personal data.</param>
internal sealed record UploadReply(Arrival Arrival, int? HttpStatus, byte[] Body, string? Code, string? Message, string Error);
