using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>Customs call a firm's platDataOpen (1.6.1). Whatever is sent and answered stands in the log.</summary>
public sealed class Caller : IDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CustomsLog _log;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    internal Caller(CustomsLog log, TimeProvider time)
    {
        _log = log;
        _time = time;
    }

    /// <summary>A new 会话ID in customs' style, e.g. <c>fe2374-8fnejf97-32839218</c>.</summary>
    public static string NewSessionId() =>
        $"{RandomNumberGenerator.GetHexString(6, lowercase: true)}-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8)}-{RandomNumberGenerator.GetString("0123456789", 8)}";

    /// <summary>Asks for an order.</summary>
    /// <param name="platDataOpenAddress">Where the firm listens.</param>
    /// <param name="orderNo">The order.</param>
    /// <param name="sessionId">See <see cref="NewSessionId"/>.</param>
    /// <param name="shape">How the question is written.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer; one that is not in order has a <see cref="OpenReqAnswer.Problem"/>.</returns>
    /// <exception cref="HttpRequestException">Nobody answered. The log has it.</exception>
    public async Task<OpenReqAnswer> CallPlatDataOpenAsync(Uri platDataOpenAddress, string orderNo, string sessionId, OpenReqShape shape, CancellationToken cancellationToken)
    {
        using var content = Write(orderNo, sessionId, _time.GetUtcNow().ToUnixTimeMilliseconds(), shape);
        var sent = await content.ReadAsStringAsync(cancellationToken);
        _log.Append(new AskedLine(_time.GetUtcNow(), sessionId, orderNo, platDataOpenAddress, shape.ToString(), sent));
        var start = _time.GetTimestamp();
        OpenReqAnswer answer;
        try
        {
            using var response = await _http.PostAsync(platDataOpenAddress, content, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            answer = OpenReqAnswer.Read((int)response.StatusCode, body, Elapsed(start));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            _log.Append(new AnsweredLine(_time.GetUtcNow(), sessionId, OpenReqAnswer.None(exception.Message, Elapsed(start))));
            throw;
        }

        _log.Append(new AnsweredLine(_time.GetUtcNow(), sessionId, answer));
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    internal static HttpContent Write(string orderNo, string sessionId, long serviceTime, OpenReqShape shape)
    {
        object time = shape.ServiceTimeAsString ? serviceTime.ToString(System.Globalization.CultureInfo.InvariantCulture) : serviceTime;
        var json = JsonSerializer.Serialize(new { orderNo, sessionID = sessionId, serviceTime = time }, Json);
        return shape.Wrapping switch
        {
            OpenReqWrapping.FormJson => Form(("openReq", json)),
            OpenReqWrapping.FormFields => Form(("orderNo", orderNo), ("sessionID", sessionId), ("serviceTime", time.ToString()!)),
            OpenReqWrapping.JsonBody => new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8")),
            OpenReqWrapping.HtmlEscapedJson => Form(("openReq", HtmlSpecialChars(json))),
            OpenReqWrapping.BackslashEscapedJson => Form(("openReq", AddSlashes(json))),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "There is no such wrapping."),
        };
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    // PHP's htmlspecialchars and addslashes: what firms' own servers made of the field before they told of it.
    private static string HtmlSpecialChars(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string AddSlashes(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);

    private double Elapsed(long start) => _time.GetElapsedTime(start).TotalMilliseconds;
}
