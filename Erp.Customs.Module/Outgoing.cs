using System.Net;
using System.Net.Sockets;
using System.Text;
using RestSharp;

namespace Erp.Customs.Module;

/// <summary>What every client of the module has in common: its limits, and what can be told about a call that brought no answer.</summary>
internal static partial class Outgoing
{
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
