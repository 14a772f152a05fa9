using System.Net;
using System.Text;
using Erp.Customs.Contracts;
using RestSharp;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// Calls the payment-customs bridge (API v1.1): PushOrder and GetOrder, or their rehearsals, one form field <c>data</c> with JSON. One client for the module's life.
/// </summary>
internal sealed class BridgeClient : IDisposable
{
    /// <summary>Largest reply that is read. The default value is 64 KiB.</summary>
    private const int ReplyLimit = 64 * 1024;

    private readonly HttpClient _http;
    private readonly RestClient _client;
    private readonly BridgeOptions? _bridge;

    public BridgeClient(CustomsOptions options)
    {
        _bridge = options.Bridge;
        _http = Outgoing.NewHttpClient(ReplyLimit);
        _client = Outgoing.NewRestClient(_http);
    }

    /// <summary>推单.</summary>
    /// <param name="json">As <see cref="PushBody"/> wrote it and as it was saved.</param>
    public Task<BridgeAnswer> PushAsync(byte[] json) => PostAsync(_bridge is { Rehearsal: true } ? "PushTestOrder" : "PushOrder", json);

    /// <summary>支付单查询.</summary>
    /// <param name="json">As <see cref="PushBody"/> wrote it and as it was saved.</param>
    public Task<BridgeAnswer> GetAsync(byte[] json) => PostAsync(_bridge is { Rehearsal: true } ? "GetTestOrder" : "GetOrder", json);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private async Task<BridgeAnswer> PostAsync(string operation, byte[] json)
    {
        var bridge = _bridge ?? throw new InvalidOperationException("There is no bridge in the settings.");
        var body = "data=" + Uri.EscapeDataString(Encoding.UTF8.GetString(json));
        var request = new RestRequest(new Uri(bridge.BaseUrl, operation), Method.Post).AddStringBody(body, ContentType.FormUrlEncoded);
        using var timeout = new CancellationTokenSource(bridge.Timeout);
        var response = await _client.ExecuteAsync(request, timeout.Token);
        var reply = response.RawBytes ?? [];
        if (response.StatusCode == HttpStatusCode.OK && BridgeReply.Read(reply) is { } read)
        {
            return new BridgeAnswer(Arrival.Answered, (int)response.StatusCode, reply, read, "");
        }

        return response.StatusCode == default
            ? new BridgeAnswer(Outgoing.NeverLeft(response) ? Arrival.No : Arrival.Perhaps, null, [], null, Outgoing.Describe(response))
            : new BridgeAnswer(Outgoing.ArrivalOf(response.StatusCode), (int)response.StatusCode, reply, null, $"HTTP {(int)response.StatusCode}, {reply.Length} bytes that are not an answer of the bridge");
    }
}

/// <summary>What came of one call.</summary>
/// <param name="Arrival">Whether the bridge has it.</param>
/// <param name="HttpStatus">Where there was one.</param>
/// <param name="Body">As received, up to 64 KiB.</param>
/// <param name="Reply">The answer when it is one.</param>
/// <param name="Error">Otherwise what went wrong; no personal data.</param>
internal sealed record BridgeAnswer(Arrival Arrival, int? HttpStatus, byte[] Body, BridgeReply? Reply, string Error);
