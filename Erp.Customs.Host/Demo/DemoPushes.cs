using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;

namespace Erp.Customs.Host.Demo;

/// <summary>
/// The demo's orders at the payment-customs bridge: handed in through the integration API, followed by GetOrder or by the bridge's callback until 已支付+已报关.
/// </summary>
internal sealed class DemoPushes(HttpClient http, Uri erp, string apiKey, PaymentBridge bridge)
{
    /// <summary>How long an order may take before the demo gives up. The default value is 60 seconds.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>Hands them in and follows them to their end.</summary>
    /// <param name="pushes">The orders.</param>
    /// <param name="problems">Takes what went wrong, one sentence each.</param>
    /// <param name="progress">Told how many are done of how many, with a remark.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PushAsync(IReadOnlyList<DemoPush> pushes, List<string> problems, Action<int, int, string> progress, CancellationToken cancellationToken)
    {
        var taken = new List<DemoPush>();
        var known = 0;
        foreach (var push in pushes)
        {
            using var content = new StringContent(push.Json, Encoding.UTF8, "application/json");
            using var response = await SendAsync(HttpMethod.Post, "customs/api/orders/push", content, cancellationToken);
            known += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            if (response.IsSuccessStatusCode)
            {
                taken.Add(push);
            }
            else
            {
                problems.Add($"{push.OrderNo}: HTTP {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }

        var done = 0;
        foreach (var push in taken)
        {
            var status = await EndOfAsync(push, cancellationToken);
            if (status is { State: "done", Archived: not null })
            {
                done++;
            }
            else
            {
                problems.Add($"{push.OrderNo}: {status.State} {status.Reason}");
            }

            progress(done, pushes.Count, $"新增 new {taken.Count - known}，已有 known {known}");
        }
    }

    private async Task<PushStatus> EndOfAsync(DemoPush push, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var called = !push.CallsBack;
        while (true)
        {
            using var response = await SendAsync(HttpMethod.Get, $"customs/api/orders/{Uri.EscapeDataString(push.OrderNo)}/push", content: null, cancellationToken);
            var status = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PushStatus>(_json, cancellationToken))!;
            if (status.Archived is not null || (status.FinishedAt is not null && status.NextAttemptAt is null) || TimeProvider.System.GetElapsedTime(started) > _patience)
            {
                return status;
            }

            if (!called && status.State == "pushed")
            {
                called = true;
                bridge.Pay(DemoPush.MerchantName, push.OrderNo);
                await bridge.CallBackAsync(new Uri(erp, "customs/payment-callback"), push.OrderNo, BridgeCallbackShape.Literal, cancellationToken: cancellationToken);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Api-Key", apiKey);
        return await http.SendAsync(request, cancellationToken);
    }
}
