using Erp.Customs.Module.Storage.Keeping;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Platform;

/// <summary>Whatever happens underneath, a caller gets an answer in the form that it understands, and no error page.</summary>
internal sealed class WellFormedAnswers(RequestDelegate next, TimeProvider time, ILogger<WellFormedAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, problem.StatusCode, Words.Of("请求有误或过大", "The request is malformed or too large"));
        }
        catch (UnreadableContentException unreadable) when (!http.Response.HasStarted)
        {
            logger.LogError("Stored content cannot be read: {Problem}", Words.In(unreadable.Message, english: true));
            await WriteAsync(http, StatusCodes.Status409Conflict, unreadable.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            logger.LogDebug("A caller went away");
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            logger.LogError(problem, "A request under {PathBase} failed", http.Request.PathBase);
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, Words.Of("系统忙，请稍后重试", "The module cannot answer now; try again"));
        }
    }

    private Task WriteAsync(HttpContext http, int status, string error)
    {
        if (Refusal.IsPlatDataOpen(http))
        {
            return PlatDataOpenEndpoint.WriteAsync(http, OpenReqCode.Failed, "系统忙，请稍后重试", time);
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error, problems = Array.Empty<string>() });
    }
}
