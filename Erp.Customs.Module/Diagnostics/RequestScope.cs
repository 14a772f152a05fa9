using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Everything that is logged and traced for one request of customs bears its order and session, as fields: begun here and nowhere else.</summary>
internal sealed class RequestScope : IDisposable
{
    /// <summary>Tag of the order.</summary>
    public const string OrderTag = "customs.order";

    /// <summary>Tag of the session.</summary>
    public const string SessionTag = "customs.session";

    private readonly Activity? _span;
    private readonly IDisposable? _scope;

    private RequestScope(Activity? span, IDisposable? scope) => (_span, _scope) = (span, scope);

    /// <summary>Ends with the work on the request.</summary>
    public static RequestScope Begin(ILogger logger, string orderNo, string sessionId) =>
        new(Span("customs.request", orderNo, sessionId), logger.BeginScope("Order {OrderNo} session {SessionId}", orderNo, sessionId));

    /// <summary>A span of the request; <see langword="null"/> when nobody listens.</summary>
    public static Activity? Span(string name, string orderNo, string sessionId)
    {
        var span = Traces.Source.StartActivity(name);
        span?.SetTag(OrderTag, orderNo);
        span?.SetTag(SessionTag, sessionId);
        return span;
    }

    public void Dispose()
    {
        _scope?.Dispose();
        _span?.Dispose();
    }
}
