using System.Buffers;
using System.Globalization;
using System.Threading.RateLimiting;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Platform;

/// <summary>
/// platDataOpen: customs call, we store, we acknowledge, in this order (notice 179, 1.6.1). Always HTTP 200 with a well-formed answer,
/// which never tells whether an order exists.
/// </summary>
internal sealed class PlatDataOpenEndpoint(
    RequestTable requests, UploadRelay relay, RateLimiter limiter, CustomsOptions options, CustomsMetrics metrics, TimeProvider time, ILogger<PlatDataOpenEndpoint> logger)
{
    /// <summary>Largest body. The default value is 64 KiB.</summary>
    private const int BodyLimit = 64 * 1024;

    /// <summary>Slowest sender that is waited for. The default value is 240 bytes a second after 5 seconds.</summary>
    private static readonly Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate SlowestSender = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Every method: whoever asks wrongly gets a well-formed answer too.
        endpoints.Map("/platDataOpen", (HttpContext http, PlatDataOpenEndpoint endpoint) => endpoint.AnswerAsync(http, merchant: null));
        endpoints.Map("/{merchant}/platDataOpen", (HttpContext http, string merchant, PlatDataOpenEndpoint endpoint) => endpoint.AnswerAsync(http, merchant));
    }

    /// <summary>The answer's form, also for a module that does not run.</summary>
    public static Task WriteAsync(HttpContext http, string code, string message, TimeProvider time) => WriteAsync(http, Text(code, message, time.GetUtcNow()));

    private static Task WriteAsync(HttpContext http, string text)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "application/json;charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(text);
    }

    /// <summary>Code and message are our own constants: nothing in them needs escaping.</summary>
    private static string Text(string code, string message, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{{\"code\":\"{code}\",\"message\":\"{message}\",\"serviceTime\":{now.ToUnixTimeMilliseconds()}}}");

    private async Task AnswerAsync(HttpContext http, string? merchant)
    {
        var (code, stored) = await ReceiveAsync(http, merchant);
        metrics.Asked(code);
        await WriteAsync(http, stored ?? Text(code, Message(code), time.GetUtcNow()));
    }

    /// <returns>The code, and the answer's text where it is stored with the request: then exactly this is sent.</returns>
    private async Task<(string Code, string? Stored)> ReceiveAsync(HttpContext http, string? merchantInAddress)
    {
        using var permit = limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return (OpenReqCode.Failed, null);
        }

        MerchantOptions? merchant = null;
        if (merchantInAddress is not null && !options.Merchants.TryGetValue(merchantInAddress, out merchant))
        {
            return (OpenReqCode.UnknownAddress, null);
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return (OpenReqCode.Unreadable, null);
        }

        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestSender;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BodyLimit + 1);
        try
        {
            var length = await http.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, BodyLimit + 1), BodyLimit + 1, throwOnEndOfStream: false, http.RequestAborted);
            if (length > BodyLimit)
            {
                return (OpenReqCode.TooLarge, null);
            }

            var code = OpenReqReader.Read(buffer.AsSpan(0, length), out var openReq);
            if (code != OpenReqCode.Accepted)
            {
                return (code, null);
            }

            var raw = buffer.AsSpan(0, length).ToArray();
            using var scope = RequestScope.Begin(logger, openReq.OrderNo, openReq.SessionId);
            return await metrics.StepAsync("acknowledge", openReq.OrderNo, openReq.SessionId, () => StoreAsync(openReq, merchant?.Name, raw));
        }
        catch (Exception problem) when (problem is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The caller went away or sent slower than anybody waits; the answer, if it is still read, says that nothing was taken.
            return (OpenReqCode.Unreadable, null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<(string Code, string? Stored)> StoreAsync(OpenReq openReq, string? merchant, byte[] raw)
    {
        var now = time.GetUtcNow();
        var answer = Text(OpenReqCode.Accepted, Message(OpenReqCode.Accepted), now);
        try
        {
            var (outcome, id) = await requests.InsertAsync(new NewRequest(
                openReq.SessionId, openReq.OrderNo, merchant, RequestPurpose.Customs, openReq.ServiceTime, raw, now, now + options.Deadline)
            {
                Answer = answer,
            });
            switch (outcome)
            {
                case InsertOutcome.Stored:
                    relay.Offer(id);
                    return (OpenReqCode.Accepted, answer);
                case InsertOutcome.Repeated:
                    return (OpenReqCode.Accepted, null);
                default:
                    return (OpenReqCode.SessionOfOtherOrder, null);
            }
        }
        catch (Exception problem)
        {
            // Whatever the database says: what is not durable is not acknowledged.
            logger.LogError(problem, "A request of customs could not be stored and was answered {Code}", OpenReqCode.Failed);
            return (OpenReqCode.Failed, null);
        }
    }

    private static string Message(string code) => code switch
    {
        OpenReqCode.Accepted => "",
        OpenReqCode.Failed => "系统忙，请稍后重试",
        OpenReqCode.SessionOfOtherOrder => "sessionID已用于其他订单",
        OpenReqCode.BadOrderNo => "orderNo为空或格式有误",
        OpenReqCode.BadSessionId => "sessionID为空或格式有误",
        OpenReqCode.TooLarge => "请求内容过长",
        OpenReqCode.UnknownAddress => "接口地址有误",
        _ => "请求格式有误",
    };
}
