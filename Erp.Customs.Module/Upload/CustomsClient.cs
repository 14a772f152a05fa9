using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RestSharp;

namespace Erp.Customs.Module.Upload;

/// <summary>Posts saved bytes to customs (realTimeDataUp, notice 179, 1.6.2): one form field <c>payExInfoStr</c>. One client for the module's life.</summary>
internal sealed class CustomsClient : IDisposable
{
    /// <summary>Largest reply that is read. The default value is 64 KiB.</summary>
    private const int ReplyLimit = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HttpClient _http;
    private readonly RestClient _client;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public CustomsClient(CustomsOptions options, TimeProvider time)
    {
        _timeout = options.UploadTimeout;
        _time = time;
        _http = Outgoing.NewHttpClient(ReplyLimit);
        _client = Outgoing.NewRestClient(_http);
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
            ? new UploadReply(Outgoing.ArrivalOf(answered), (int)answered, response.RawBytes ?? [], null, null, $"HTTP {(int)answered}, {response.RawBytes?.Length ?? 0} bytes that are not an answer of customs") { RetryAfter = RetryAfter(response) }
            : new UploadReply(Outgoing.NeverLeft(response) ? Arrival.No : Arrival.Perhaps, null, [], null, null, Outgoing.Describe(response));
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    /// <summary>Of HTTP 429 and 503: seconds or a date.</summary>
    private TimeSpan? RetryAfter(RestResponse response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        && RetryConditionHeaderValue.TryParse(response.GetHeaderValue("Retry-After"), out var asked)
            ? asked.Delta ?? asked.Date - _time.GetUtcNow()
            : null;

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
}

/// <summary>What came of one upload.</summary>
/// <param name="Arrival">Whether customs have it.</param>
/// <param name="HttpStatus">Where there was one.</param>
/// <param name="Body">As received, up to 64 KiB.</param>
/// <param name="Code">Customs' code when they answered.</param>
/// <param name="Message">Customs' message when they answered.</param>
/// <param name="Error">Otherwise what went wrong; no personal data.</param>
internal sealed record UploadReply(Arrival Arrival, int? HttpStatus, byte[] Body, string? Code, string? Message, string Error)
{
    /// <summary>How long customs want to be left alone, where they said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
