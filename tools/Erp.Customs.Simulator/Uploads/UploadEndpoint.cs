using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Simulator.Judging;
using Microsoft.AspNetCore.Http.Features;

namespace Erp.Customs.Simulator;

/// <summary>realTimeDataUpload (1.6.2): read, judge, write down, answer; in this order, whatever fault is set.</summary>
internal sealed class UploadEndpoint(Judge judge, CustomsLog log, Faults faults, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Its path at customs.</summary>
    public const string Path = "/ceb2grab/grab/realTimeDataUpload";

    /// <summary>Where redirect faults point.</summary>
    public const string StrayPath = "/ceb2grab/grab/elsewhere";

    private const string JsonType = "application/json;charset=UTF-8";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Takes one upload.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null; // UploadForm has its own, with an answer in customs' form
        var body = await UploadForm.ReadBodyAsync(http.Request.Body, http.RequestAborted);
        var receivedAt = time.GetUtcNow();
        var (payload, refusal) = body is null
            ? (null, new Refusal(ReplyCodes.TooLarge, $"请求超过{UploadForm.MaxBytes / 1024 / 1024}MiB"))
            : UploadForm.Find(http.Request.ContentType, body);
        var judgement = refusal is null ? judge.Decide(payload) : Judgement.Refuse(refusal, PayloadFacts.None);
        var fault = faults.Take(judgement.Facts.SessionId);
        var line = log.Settle(Line(receivedAt, judgement, fault, payload ?? body ?? [], isPayload: payload is not null));
        await AnswerAsync(http, line, fault);
    }

    /// <summary>Writes down who followed a redirect, and how much was given away.</summary>
    public async Task HandleStrayAsync(HttpContext http)
    {
        var body = await UploadForm.ReadBodyAsync(http.Request.Body, http.RequestAborted);
        log.Append(new StrayLine(time.GetUtcNow(), body?.Length ?? UploadForm.MaxBytes));
        await WriteReplyAsync(http, ReplyCodes.Accepted, "上传成功");
    }

    private static bool IsJudged(Fault? fault) => fault is null or { Kind: FaultKind.None } or { Judge: true };

    private UploadLine Line(DateTimeOffset receivedAt, Judgement judgement, Fault? fault, byte[] arrived, bool isPayload)
    {
        var text = isPayload ? Judge.ReadText(arrived) : null;
        var (verdict, code, message) = IsJudged(fault)
            ? (judgement.Accepted ? UploadVerdict.Accepted : UploadVerdict.Refused, judgement.Code, judgement.Message)
            : (UploadVerdict.NotJudged, fault!.Kind is FaultKind.Reply ? fault.Code : "", fault.Kind is FaultKind.Reply ? fault.Message : "");
        var facts = judgement.Facts;
        return new UploadLine(
            time.GetUtcNow(), receivedAt, facts.SessionId, facts.EbpCode, facts.CertNo, facts.PayTransactionId, facts.OrderNos,
            verdict, code, message, judgement.Remarks, fault?.ToString(),
            Convert.ToHexStringLower(SHA256.HashData(arrived)), text, text is null ? Convert.ToBase64String(arrived) : null);
    }

    private async Task AnswerAsync(HttpContext http, UploadLine line, Fault? fault)
    {
        if (fault is { DelayMs: > 0 } && !await DelayAsync(http, TimeSpan.FromMilliseconds(fault.DelayMs)))
        {
            return;
        }

        switch (fault?.Kind ?? FaultKind.None)
        {
            case FaultKind.None:
                await WriteReplyAsync(http, line.Code, line.Message);
                break;
            case FaultKind.Reply:
                await WriteReplyAsync(http, fault!.Code, fault.Message);
                break;
            case FaultKind.Status:
                http.Response.StatusCode = fault!.Status;
                http.Response.Headers.RetryAfter = fault.RetryAfter?.ToString(CultureInfo.InvariantCulture);
                http.Response.ContentType = "text/html;charset=UTF-8";
                await http.Response.WriteAsync("<html><head><title>Error</title></head><body><center><h1>Error</h1></center><hr></body></html>");
                break;
            case FaultKind.Garbage:
                http.Response.ContentType = JsonType;
                await http.Response.WriteAsync("{\"code\":\"100");
                break;
            case FaultKind.Redirect:
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = StrayPath;
                break;
            case FaultKind.Oversized:
                await WriteOversizedAsync(http, fault!.Bytes);
                break;
            case FaultKind.Cut:
                http.Abort();
                break;
        }
    }

    /// <summary>Whether there is still somebody to answer.</summary>
    private async Task<bool> DelayAsync(HttpContext http, TimeSpan delay)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(delay, time, gone.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            http.Abort();
            return false;
        }
    }

    private async Task WriteReplyAsync(HttpContext http, string code, string message)
    {
        http.Response.ContentType = JsonType;
        await http.Response.WriteAsync(JsonSerializer.Serialize(new Reply(code, message, 0, time.GetUtcNow().ToUnixTimeMilliseconds()), Json));
    }

    private static async Task WriteOversizedAsync(HttpContext http, long bytes)
    {
        http.Response.ContentType = JsonType;
        var body = http.Response.Body;
        try
        {
            await body.WriteAsync("{\"code\":\"10000\",\"message\":\""u8.ToArray(), http.RequestAborted);
            var block = new byte[64 * 1024];
            block.AsSpan().Fill((byte)'x');
            for (var left = bytes; left > 0; left -= block.Length)
            {
                await body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), http.RequestAborted);
            }

            await body.WriteAsync("\",\"total\":0,\"serviceTime\":1542337661665}"u8.ToArray(), http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The other side has read enough, as it should.
        }
    }

    /// <summary>Customs' reply (1.3.1).</summary>
    private sealed record Reply(string Code, string Message, int Total, long ServiceTime);
}
