using System.Globalization;
using System.Net;
using System.Text.Json;
using RestSharp;

namespace Erp.Customs.Module.Signing.Cbt;

/// <summary>The wire to the Shanghai CBT gateway: one POST with two form fields for each signature. Verified TLS, no redirect, limits on time and answer.</summary>
/// <param name="address">Where the gateway listens.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class CbtWire(Uri address, TimeProvider time) : IDisposable
{
    /// <summary>Largest answer that is read. 64 KiB.</summary>
    private const int ReplyLimit = 64 * 1024;

    /// <summary>How long the gateway may take, connecting included. 15 seconds: so that what it kept waiting is signed within 30 seconds of its return.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = Outgoing.NewHttpClient(ReplyLimit);
    private RestClient? _client;

    /// <summary>Asks for a signature.</summary>
    /// <param name="data">EData, Base64.</param>
    /// <param name="message">payExInfoStr, Base64.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What a success says; nothing of it is checked yet.</returns>
    /// <exception cref="SignerException">There was no success; the class tells what happens next. Never with a word of what was sent.</exception>
    public async Task<CbtReply> PostAsync(string data, string message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        // Base64 has three characters that a form escapes.
        var body = $"EData={Uri.EscapeDataString(data)}&payExInfoStr={Uri.EscapeDataString(message)}";
        var request = new RestRequest(address, Method.Post).AddStringBody(body, ContentType.FormUrlEncoded);
        var response = await (_client ??= Outgoing.NewRestClient(_http)).ExecuteAsync(request, either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        if (response.StatusCode == HttpStatusCode.OK && response is { ErrorException: null, RawBytes: { } bytes } && Read(bytes) is { } reply)
        {
            return reply.Status == "success" ? reply : throw CbtErrors.Read(address, reply.Code);
        }

        throw new SignerException(SignerFailure.Transient, response.StatusCode == HttpStatusCode.OK && response.ErrorException is null
            ? Words.Of($"上海 CBT 网关 {address.Authority} 的应答无法识别", $"The Shanghai CBT gateway {address.Authority} answered what cannot be read")
            : response.StatusCode != default
                ? Words.Of($"上海 CBT 网关 {address.Authority} 应答 HTTP {(int)response.StatusCode}", $"The Shanghai CBT gateway {address.Authority} answered HTTP {(int)response.StatusCode}")
                : Words.Of($"上海 CBT 网关 {address.Authority} 没有应答：{Outgoing.Describe(response)}", $"The Shanghai CBT gateway {address.Authority} gave no answer: {Outgoing.Describe(response)}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _http.Dispose();
    }

    private static CbtReply? Read(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "status") is "success" or "failure"
                ? new CbtReply(Text(root, "status")!, Text(root, "code") ?? "", Text(root, "serialNumber"), Time(Text(root, "serviceTime")), Text(root, "certNo"), Text(root, "signValue"))
                : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
        : null;

    /// <summary>Thirteen digits: milliseconds.</summary>
    private static long? Time(string? text) => text is { Length: 13 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time : null;
}

/// <summary>The gateway's answer (document 3.1.2.4).</summary>
/// <param name="Status">success or failure.</param>
/// <param name="Code">Of a failure, see <see cref="CbtErrors"/>.</param>
/// <param name="SerialNumber">Of the call that it answers.</param>
/// <param name="ServiceTime">Unix milliseconds, as signed.</param>
/// <param name="CertNo">With which certificate it was signed.</param>
/// <param name="SignValue">Base64.</param>
internal sealed record CbtReply(string Status, string Code, string? SerialNumber, long? ServiceTime, string? CertNo, string? SignValue);
