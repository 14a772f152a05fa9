namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// Copies what an HTTP client sends and receives, above the transport: after the handlers that stand before it, before encryption, and, where the primary handler
/// unpacks responses by itself, after unpacking. Nothing waits for it, and nothing of it can fail a call.
/// </summary>
internal sealed class RawPaymentCaptureHandler(PaymentCapture capture, RawPaymentCaptureOptions options) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content;
        var exchange = Begin(request);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch
        {
            exchange?.NoResponse();
            throw;
        }
        finally
        {
            GiveBack(request, sent);
        }

        Hear(exchange, response);
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content;
        var exchange = Begin(request);
        HttpResponseMessage response;
        try
        {
            response = base.Send(request, cancellationToken);
        }
        catch
        {
            exchange?.NoResponse();
            throw;
        }
        finally
        {
            GiveBack(request, sent);
        }

        Hear(exchange, response);
        return response;
    }

    private HttpExchange? Begin(HttpRequestMessage request)
    {
        try
        {
            if (request.RequestUri is not { IsAbsoluteUri: true } || !options.Where(request))
            {
                return null;
            }

            var exchange = new HttpExchange(capture, options, request);
            if (request.Content is { } content)
            {
                request.Content = TeeContent.Hear(content, exchange.Sent);
            }
            else
            {
                exchange.Sent.Finish(TapEnd.Complete);
            }

            return exchange;
        }
        catch (Exception exception)
        {
            capture.Failed(exception, "request");
            return null;
        }
    }

    // The caller finds the content in the request that he put there.
    private void GiveBack(HttpRequestMessage request, HttpContent? sent)
    {
        try
        {
            if (!ReferenceEquals(request.Content, sent))
            {
                request.Content = sent;
            }
        }
        catch (ObjectDisposedException exception)
        {
            capture.Failed(exception, "request");
        }
    }

    private void Hear(HttpExchange? exchange, HttpResponseMessage response)
    {
        if (exchange is null)
        {
            return;
        }

        try
        {
            response.Content = TeeContent.Hear(response.Content, exchange.Received(response.Content));
        }
        catch (Exception exception)
        {
            capture.Failed(exception, "response");
            exchange.NoResponse();
        }
    }
}
