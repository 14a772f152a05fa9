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
            if (StatePage.IsWanted(http) && !http.Response.HasStarted && PageState.Of(http.Response) is { } state)
            {
                await StatePage.WriteAsync(http, state);
            }
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, PageState.Malformed(problem.StatusCode));
        }
        catch (UnreadableContentException unreadable) when (!http.Response.HasStarted)
        {
            logger.LogError("Stored content cannot be read: {Problem}", Words.In(unreadable.Message, english: true));
            await WriteAsync(http, PageState.Unreadable(unreadable.Message));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            logger.LogDebug("A caller went away");
        }
        catch (Exception problem) when (!http.Response.HasStarted)
        {
            logger.LogError(problem, "A request under {PathBase} failed", http.Request.PathBase);
            await WriteAsync(http, PageState.Busy);
        }
    }

    private Task WriteAsync(HttpContext http, PageState state)
    {
        if (Refusal.IsPlatDataOpen(http))
        {
            return PlatDataOpenEndpoint.WriteAsync(http, OpenReqCode.Failed, "系统忙，请稍后重试", time);
        }

        http.Response.Clear();
        if (StatePage.IsWanted(http))
        {
            return StatePage.WriteAsync(http, state);
        }

        http.Response.StatusCode = state.Status;
        return http.Response.WriteAsJsonAsync(new { error = state.Sentence, problems = Array.Empty<string>() });
    }
}
