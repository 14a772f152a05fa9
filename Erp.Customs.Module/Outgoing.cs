using System.Net;
using System.Net.Sockets;
using System.Text;
using RestSharp;

namespace Erp.Customs.Module;

/// <summary>What every client of the module has in common: its limits, and what can be told about a call that brought no answer.</summary>
internal static class Outgoing
{
    /// <summary>Waiting for a connection. The default value is 10 seconds.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is kept before the other side's name is looked up again. The default value is 5 minutes.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A client that verifies TLS, follows no redirect, keeps no cookie and reads no more than it is told; each call brings its own timeout.</summary>
    /// <param name="replyLimit">Largest answer that is read, in bytes.</param>
    /// <param name="proxy">What everything goes through; without one the process' environment says (HTTPS_PROXY and the like).</param>
    /// <param name="traced">Whether traces may name the addresses. Not where an address holds a token in its path: of the query alone .NET's traces keep nothing.</param>
    public static HttpClient NewHttpClient(int replyLimit, Uri? proxy = null, bool traced = true)
    {
        // A redirect would carry the data to whoever is named in it.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime, UseCookies = false };
        if (proxy is not null)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        if (!traced)
        {
            handler.ActivityHeadersPropagator = null;
        }

        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = replyLimit };
    }

    /// <summary>RestSharp on that client.</summary>
    public static RestClient NewRestClient(HttpClient http) =>
        new(http, new RestClientOptions { FollowRedirects = false, Encoding = Encoding.UTF8, UserAgent = "Erp.Customs" });

    /// <summary>A proxy or a web server in front refuses before the other side read anything; a 5xx or a strange 200 may come after.</summary>
    public static Arrival ArrivalOf(HttpStatusCode status) => (int)status is >= 300 and < 500 ? Arrival.No : Arrival.Perhaps;

    /// <summary>Only what failed before a connection stood has surely not arrived.</summary>
    public static bool NeverLeft(RestResponse response) => response.ErrorException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>In a few words without any data.</summary>
    public static string Describe(RestResponse response) => response switch
    {
        { ResponseStatus: ResponseStatus.TimedOut } or { ErrorException: OperationCanceledException } => "no answer in time",
        { ErrorException: HttpRequestException { HttpRequestError: var error, InnerException: SocketException socket } } => $"{error}: {socket.SocketErrorCode}",
        { ErrorException: HttpRequestException { HttpRequestError: var error } } => error.ToString(),
        { ErrorException: { } problem } => problem.GetType().Name,
        _ => response.ResponseStatus.ToString(),
    };
}

/// <summary>Whether the other side has what was sent.</summary>
internal enum Arrival
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>Surely not.</summary>
    No,

    /// <summary>Nobody knows.</summary>
    Perhaps,
}
