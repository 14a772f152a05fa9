using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Erp.Customs.Contracts.Capture;

/// <summary>Copies a notify of a payment company while the ERP's own handler reads it, and the handler's answer while it is written. Captured when the handler is done.</summary>
internal sealed class PaymentNotifyCapture(PaymentCapture capture, PaymentNotifyCaptureOptions options)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (Begin(http) is not { } hearing)
        {
            await next(http);
            return;
        }

        var completed = false;
        try
        {
            await next(http);
            completed = true;
        }
        finally
        {
            End(http, hearing, completed);
        }
    }

    private Hearing? Begin(HttpContext http)
    {
        try
        {
            if (http.Features.Get<IHttpResponseBodyFeature>() is not { } answer)
            {
                return null;
            }

            var hearing = new Hearing(http.Request.Body, answer, options.MessageLimit, capture.Now);
            hearing.Notify.Expect(http.Request.ContentLength ?? (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is false ? 0 : null));
            http.Request.Body = hearing.TeeBody;
            http.Features.Set<IHttpResponseBodyFeature>(hearing.TeeAnswer);
            return hearing;
        }
        catch (Exception exception)
        {
            capture.Failed(exception, "notify");
            return null;
        }
    }

    private void End(HttpContext http, Hearing hearing, bool completed)
    {
        try
        {
            // Whoever has put another body in its place since wants that one.
            if (ReferenceEquals(http.Request.Body, hearing.TeeBody))
            {
                http.Request.Body = hearing.Body;
            }

            if (ReferenceEquals(http.Features.Get<IHttpResponseBodyFeature>(), hearing.TeeAnswer))
            {
                http.Features.Set(hearing.AnswerBody);
            }

            hearing.Notify.Finish(TapEnd.Incomplete);
            hearing.Answer.Finish(completed ? TapEnd.Complete : TapEnd.Incomplete);
            capture.Offer(new NotifyExchange(
                options, http.Request.Method, http.Request.GetEncodedUrl(),
                Part(hearing.Notify, http.Request.Headers.ContentType, http.Request.Headers.ContentEncoding, hearing.At),
                Part(hearing.Answer, http.Response.Headers.ContentType, http.Response.Headers.ContentEncoding, capture.Now),
                completed ? http.Response.StatusCode : StatusCodes.Status500InternalServerError));
        }
        catch (Exception exception)
        {
            capture.Failed(exception, "notify");
        }
    }

    private static RawPart Part(MessageTap tap, string? contentType, string? contentEncoding, DateTimeOffset at) => new(tap.Bytes, tap.End!.Value, contentType, contentEncoding, at);

    /// <summary>What is heard of one notify.</summary>
    private sealed class Hearing
    {
        public Hearing(Stream body, IHttpResponseBodyFeature answer, int limit, DateTimeOffset at)
        {
            (Body, AnswerBody, At) = (body, answer, at);
            Notify = new MessageTap(limit, static _ => { });
            Answer = new MessageTap(limit, static _ => { });
            TeeBody = new TeeStream(body, Notify);
            TeeAnswer = new TeeResponseBody(answer, Answer);
        }

        public Stream Body { get; }

        public IHttpResponseBodyFeature AnswerBody { get; }

        public DateTimeOffset At { get; }

        public MessageTap Notify { get; }

        public MessageTap Answer { get; }

        public TeeStream TeeBody { get; }

        public TeeResponseBody TeeAnswer { get; }
    }
}
