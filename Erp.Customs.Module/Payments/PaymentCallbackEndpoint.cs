using System.Threading.RateLimiting;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// The bridge calls us (API v1.1, 1.1): <c>POST {base}/payment-callback</c>. Nobody is authenticated, so a callback is kept, answered with the bare text <c>ok</c>, and only makes GetOrder be asked;
/// its answer alone changes anything. Whether the order is known is not told.
/// </summary>
internal sealed class PaymentCallbackEndpoint(BridgeTable orders, BridgeSweep sweep, CustomsMetrics metrics) : IDisposable
{
    /// <summary>Largest body. The default value is 64 KiB.</summary>
    private const int BodyLimit = 64 * 1024;

    /// <summary>Callbacks taken in a second, all callers together; what is above gets 429, and the bridge calls again. The default value is 200.</summary>
    private const int PerSecond = 200;

    private static readonly byte[] Ok = "ok"u8.ToArray();

    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = PerSecond,
        TokensPerPeriod = PerSecond / 10,
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = 0,
    });

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/payment-callback", (HttpContext http, PaymentCallbackEndpoint endpoint) => endpoint.AnswerAsync(http));

    public void Dispose() => _limiter.Dispose();

    private async Task AnswerAsync(HttpContext http)
    {
        using var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        metrics.CalledBack(await ReceiveAsync(http));
        http.Response.ContentType = "text/plain;charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(Ok, http.RequestAborted);
    }

    /// <returns>How it is counted.</returns>
    private async Task<string> ReceiveAsync(HttpContext http)
    {
        var buffer = new byte[BodyLimit + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > BodyLimit || CallbackReader.OrderNo(buffer.AsSpan(0, length)) is not { } orderNo)
        {
            return "unreadable";
        }

        if (await orders.CallBackAsync(orderNo, buffer.AsSpan(0, length).ToArray(), Ok) == 0)
        {
            return "unknown";
        }

        sweep.Wake();
        return "known";
    }
}
