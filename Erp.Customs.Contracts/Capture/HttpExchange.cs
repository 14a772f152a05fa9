namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// One request of an HTTP client and its response. Each end is handed over as soon as it is known, so that a response that nobody reads to its end does not cost the request.
/// </summary>
internal sealed class HttpExchange
{
    private readonly RawPaymentCaptureOptions _options;
    private readonly PaymentCapture _capture;
    private readonly SourceReader _reader;
    private readonly DateTimeOffset _sentAt;
    private readonly (string? Type, string? Encoding) _sentHeaders;
    private (string? Type, string? Encoding) _receivedHeaders;

    // Only the spool, which reads one part after the other, touches these.
    private RawPart? _request;
    private RawPart? _response;

    public HttpExchange(PaymentCapture capture, RawPaymentCaptureOptions options, HttpRequestMessage request)
    {
        (_capture, _options) = (capture, options);
        var address = request.RequestUri!.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        _reader = new SourceReader(options, request.Method.Method, address);
        _sentAt = capture.Now;
        _sentHeaders = RawPart.HeadersOf(request.Content);
        Sent = new MessageTap(options.MessageLimit, tap => capture.Offer(new ExchangePart(this, isRequest: true, new RawPart(tap.Bytes, tap.End!.Value, _sentHeaders.Type, _sentHeaders.Encoding, _sentAt))));
    }

    /// <summary>Hears the request.</summary>
    public MessageTap Sent { get; }

    /// <summary>Where it was captured.</summary>
    public string Origin => _reader.Origin;

    /// <summary>A response begins: hears it.</summary>
    public MessageTap Received(HttpContent content)
    {
        _receivedHeaders = RawPart.HeadersOf(content);
        return new MessageTap(
            _options.MessageLimit,
            tap => _capture.Offer(new ExchangePart(this, isRequest: false, new RawPart(tap.Bytes, tap.End!.Value, _receivedHeaders.Type, _receivedHeaders.Encoding, _capture.Now))));
    }

    /// <summary>There is no response.</summary>
    public void NoResponse()
    {
        Sent.Finish(TapEnd.Incomplete);
        _capture.Offer(new ExchangePart(this, isRequest: false, RawPart.None));
    }

    /// <summary>A part has arrived in the background: what is known then goes on, what is not waits for the other part.</summary>
    public void Take(bool isRequest, RawPart part, CaptureCounts counts, List<CapturedMessage> into)
    {
        var unpacked = part.Unpacked(_options.MessageLimit);
        if (isRequest)
        {
            _request = unpacked;
        }
        else
        {
            _response = unpacked;
        }

        if (unpacked.End != TapEnd.Complete && !ReferenceEquals(part, RawPart.None))
        {
            counts.Add(SourceReader.OutcomeOf(unpacked.End), Origin);
        }

        var wasFound = _reader.IsFound;
        if (wasFound || Find())
        {
            Keep(CapturedKind.Request, isRequest || !wasFound ? _request : null, counts, into);
            Keep(CapturedKind.Response, !isRequest || !wasFound ? _response : null, counts, into);
        }
        else if (_request is not null && _response is not null)
        {
            counts.Add(CaptureOutcome.Unassigned, Origin);
        }
    }

    private void Keep(CapturedKind kind, RawPart? part, CaptureCounts counts, List<CapturedMessage> into)
    {
        if (part?.End == TapEnd.Complete)
        {
            into.Add(_reader.Message(kind, part, counts));
        }
    }

    private bool Find()
    {
        try
        {
            return _reader.TryFind(_reader.Texts(_request, _response));
        }
        catch (Exception) when (_request is null || _response is null)
        {
            // A function that needs the part that is still to come is asked again with it.
            return false;
        }
    }
}
