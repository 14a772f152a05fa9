using System.Text.Json;
using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Erp.Customs.Module.Integration;

/// <summary>The integration API for ERPs in other languages: JSON under <c>{base}/api</c>, key in the header <c>X-Api-Key</c>.</summary>
internal static class IntegrationEndpoints
{
    /// <summary>Largest body. The default value is 4 MiB.</summary>
    private const int BodyLimit = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // What the API is may be known without a key.
        endpoints.MapGet("/api/openapi.json", (Contracts.ModuleContext module) =>
            Results.File(Path.Combine(module.ModuleDirectory, "Integration", "openapi.json"), "application/json; charset=utf-8"));
        var api = endpoints.MapGroup("/api").AddEndpointFilter<ApiKeyFilter>().WithMetadata(new BodySizeLimit());
        api.MapPost("/payments", DeliverAsync);
        api.MapPut("/payments/{merchant}/{payTransactionId}", CorrectAsync);
        api.MapGet("/requests/{**sessionId}", FindRequestAsync);
        api.MapGet("/orders/{orderNo}", FindOrderAsync);
        api.MapPost("/orders/{orderNo}/test-upload", UploadTestAsync);
        api.MapPost("/orders/{orderNo}/end", EndOrderAsync);
        api.MapPost("/merchants/{merchant}/reopen-uploads", ReopenUploadsAsync);
        api.MapPost("/merchants/{merchant}/test-signing", TestSigningAsync);
        api.MapGet("/merchants/{merchant}/certificate", CertificateAsync);
        PushEndpoints.Map(api);
        api.MapGet("/captures", FindCapturesAsync);
        api.MapPost("/verify-archive", VerifyArchiveAsync);
        api.MapFallback(() => Problem(StatusCodes.Status404NotFound, Words.Of("没有这个接口", "There is no such address")));
    }

    private static async Task<IResult> DeliverAsync(HttpContext http, ICustoms customs)
    {
        using var body = await ReadAsync(http);
        if (body is null)
        {
            return NotJson();
        }

        var reader = new PaymentReader();
        var delivery = reader.Delivery(body.RootElement);
        return reader.Problems.Count > 0 ? Invalid(reader.Problems) : Answer(await customs.DeliverAsync(delivery, http.RequestAborted));
    }

    private static async Task<IResult> CorrectAsync(HttpContext http, string merchant, string payTransactionId, ICustoms customs)
    {
        using var body = await ReadAsync(http);
        if (body is null)
        {
            return NotJson();
        }

        var reader = new PaymentReader();
        var correction = reader.Correction(body.RootElement, merchant, Segment(payTransactionId), ApiKeyFilter.Caller(http));
        return reader.Problems.Count > 0 ? Invalid(reader.Problems) : Answer(await customs.CorrectAsync(correction, http.RequestAborted));
    }

    private static async Task<IResult> FindRequestAsync(HttpContext http, string sessionId, ICustoms customs) =>
        await customs.FindRequestAsync(Segment(sessionId), http.RequestAborted) is { } status
            ? Results.Json(status)
            : Problem(StatusCodes.Status404NotFound, Words.Of("没有这个会话的海关请求", "Customs have not asked in this session"));

    private static async Task<IResult> FindOrderAsync(HttpContext http, string orderNo, ICustoms customs) =>
        await customs.FindOrderAsync(Segment(orderNo), Merchant(http), http.RequestAborted) is { } status
            ? Results.Json(status)
            : UnknownOrder();

    private static async Task<IResult> UploadTestAsync(HttpContext http, string orderNo, ICustoms customs) =>
        await customs.UploadTestAsync(Segment(orderNo), Merchant(http), http.RequestAborted) is { } sessionId
            ? Results.Json(new { sessionId }, statusCode: StatusCodes.Status202Accepted)
            : UnknownOrder();

    private static async Task<IResult> EndOrderAsync(HttpContext http, string orderNo, ICustoms customs)
    {
        using var body = await ReadAsync(http);
        if (body is null)
        {
            return NotJson();
        }

        var reader = new OrderEndReader();
        var end = reader.End(body.RootElement, Segment(orderNo), ApiKeyFilter.Caller(http));
        return reader.Problems.Count > 0 ? Invalid(reader.Problems)
            : await customs.EndOrderAsync(end, http.RequestAborted) is { } problem ? Problem(StatusCodes.Status400BadRequest, problem)
            : Results.NoContent();
    }

    private static async Task<IResult> ReopenUploadsAsync(HttpContext http, string merchant, ICustoms customs) =>
        await customs.ReopenUploadsAsync(merchant, ApiKeyFilter.Caller(http), http.RequestAborted)
            ? Results.NoContent()
            : Problem(StatusCodes.Status404NotFound, Words.Of("该商户的上报未被停止", "This merchant's uploads are not stopped"));

    private static async Task<IResult> TestSigningAsync(HttpContext http, string merchant, ICustoms customs) =>
        await customs.TestSigningAsync(merchant, http.RequestAborted) is { } tests
            ? Results.Json(tests.Select(test => new { test.Ok, test.Kind, test.Signer, test.Scheme, test.CertNo, test.NotBefore, test.NotAfter, milliseconds = test.Took.TotalMilliseconds, test.Sentence }))
            : Problem(StatusCodes.Status404NotFound, Words.Of("没有这个商户", "There is no such merchant"));

    /// <summary>DER, or with <c>format=base64</c> the text that is pasted into a .cer file where somebody follows the usual guide (D2, 第一步获得证书).</summary>
    private static async Task<IResult> CertificateAsync(HttpContext http, string merchant, ICustoms customs)
    {
        try
        {
            return await customs.CertificateAsync(merchant, http.Request.Query["certNo"] is [{ Length: > 0 } certNo] ? certNo : null, http.RequestAborted) switch
            {
                null => Problem(StatusCodes.Status404NotFound, Words.Of("没有这个商户，或它没有这个编号的证书", "There is no such merchant, or it has no certificate of that number")),
                var file when http.Request.Query["format"] == "base64" => Results.File(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(file.Der.Span)), "application/x-x509-ca-cert", file.FileName),
                var file => Results.File(file.Der.ToArray(), "application/pkix-cert", file.FileName),
            };
        }
        catch (InvalidOperationException away)
        {
            return Problem(StatusCodes.Status409Conflict, away.Message);
        }
    }

    private static async Task<IResult> FindCapturesAsync(HttpContext http, ICustoms customs) =>
        Merchant(http) is { } merchant && http.Request.Query["tradeNo"] is [{ Length: > 0 } tradeNo]
            ? Results.Json(await customs.FindCapturesAsync(merchant, tradeNo, http.RequestAborted))
            : Problem(StatusCodes.Status400BadRequest, Words.Of("需要 merchant 与 tradeNo", "merchant and tradeNo are needed"));

    private static async Task<IResult> VerifyArchiveAsync(HttpContext http, long? from, long? to, ICustoms customs)
    {
        var verification = await customs.VerifyArchiveAsync(new ArchiveRange { From = from, To = to }, progress: null, http.RequestAborted);
        return Results.Json(new
        {
            verification.IsClean,
            verification.First,
            verification.Last,
            verification.Checked,
            verification.Erased,
            verification.Checkpoints,
            verification.LastCheckpoint,
            verification.FindingsTotal,
            findings = verification.Findings.Select(finding => new { finding.Number, finding.LastNumber, kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Kind.ToString()), finding.Sentence }),
            verification.Notes,
            milliseconds = verification.Took.TotalMilliseconds,
        });
    }

    /// <summary>A slash inside a path segment arrives percent-encoded.</summary>
    internal static string Segment(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    internal static string? Merchant(HttpContext http) => http.Request.Query["merchant"] is [{ Length: > 0 } merchant] ? merchant : null;

    internal static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, Strict, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Answer(DeliveryReceipt receipt) => receipt.Outcome switch
    {
        DeliveryOutcome.Stored => Results.Json(Body(receipt), statusCode: StatusCodes.Status201Created),
        DeliveryOutcome.AlreadyStored or DeliveryOutcome.Corrected => Results.Json(Body(receipt)),
        DeliveryOutcome.Invalid => Problem(StatusCodes.Status400BadRequest, receipt.Sentence, receipt.Violations),
        DeliveryOutcome.Conflict or DeliveryOutcome.NotCaptured => Problem(StatusCodes.Status409Conflict, receipt.Sentence),
        DeliveryOutcome.NotFound => Problem(StatusCodes.Status404NotFound, receipt.Sentence),
        _ => throw new InvalidOperationException($"No answer for {receipt.Outcome}."),
    };

    private static object Body(DeliveryReceipt receipt) => new
    {
        outcome = receipt.Outcome switch { DeliveryOutcome.Stored => "stored", DeliveryOutcome.Corrected => "corrected", _ => "already_stored" },
        version = receipt.Version,
        violations = receipt.Violations,
        flags = receipt.Flags,
    };

    internal static IResult Invalid(IReadOnlyList<string> problems) => Problem(StatusCodes.Status400BadRequest, problems[0], problems);

    internal static IResult NotJson() => Problem(StatusCodes.Status400BadRequest, Words.Of("请求内容不是 JSON", "The body is not JSON"));

    private static IResult UnknownOrder() =>
        Problem(StatusCodes.Status404NotFound, Words.Of("没有该订单的支付数据，或需用 merchant 指明商户", "No payment of this order is stored, or merchant must say whose order is meant"));

    internal static IResult Problem(int status, string error, IReadOnlyList<string>? problems = null) => Results.Json(new ApiProblem(error, problems ?? []), statusCode: status);

    private sealed class BodySizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => BodyLimit;
    }
}
