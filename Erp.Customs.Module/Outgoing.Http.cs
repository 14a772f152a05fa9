using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Erp.Customs.Module;

/// <content>The client itself; a sign agent has the same.</content>
internal static partial class Outgoing
{
    /// <summary>Waiting for a connection. The default value is 10 seconds.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is kept before the other side's name is looked up again. The default value is 5 minutes.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A client that verifies TLS, follows no redirect, keeps no cookie and reads no more than it is told; each call brings its own timeout.</summary>
    /// <param name="replyLimit">Largest answer that is read, in bytes.</param>
    /// <param name="proxy">What everything goes through; without one the process' environment says (HTTPS_PROXY and the like).</param>
    /// <param name="traced">Whether traces may name the addresses. Not where an address holds a token in its path: of the query alone .NET's traces keep nothing.</param>
    /// <param name="authority">Who alone may have issued the other side's certificate; without one, whoever the machine trusts. Its revocation lists are not asked for: such an authority has none as a rule.</param>
    public static HttpClient NewHttpClient(int replyLimit, Uri? proxy = null, bool traced = true, X509Certificate2? authority = null)
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

        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } };
        }

        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = replyLimit };
    }
}
