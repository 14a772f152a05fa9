using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Module.Diagnostics.Health;

/// <summary>
/// Whether customs' server, or the proxy on the way to it, can be connected to and shows a certificate that is valid. Nothing is said to it.
/// It is no light of a screen: a screen must not wait for a network.
/// </summary>
internal sealed class CustomsReachable(CustomsOptions options, TimeProvider time) : IHealthCheck
{
    /// <summary>For connection and TLS together. The default value is 5 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>However often it is asked, customs are connected to no more often. The default value is 30 seconds.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task<HealthCheckResult>? _last;
    private DateTimeOffset _lastAt;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_last is null || time.GetUtcNow() - _lastAt >= Fresh)
            {
                (_last, _lastAt) = (ConnectAsync(), time.GetUtcNow());
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> ConnectAsync()
    {
        var url = options.UploadUrl;
        var proxy = HttpClient.DefaultProxy.IsBypassed(url) ? null : HttpClient.DefaultProxy.GetProxy(url);
        var (host, port) = proxy is null ? (url.IdnHost, url.Port) : (proxy.IdnHost, proxy.Port);
        var where = proxy is null ? Words.Of($"{host}:{port}", $"{host}:{port}") : Words.Of($"代理 {host}:{port}", $"the proxy {host}:{port}");
        var (zh, en) = (Words.In(where, english: false), Words.In(where, english: true));
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host, port, limit.Token);
            if (proxy is null && url.Scheme == Uri.UriSchemeHttps)
            {
                await using var tls = new SslStream(socket.GetStream());
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, limit.Token);
            }

            return HealthCheckResult.Healthy(Words.Of($"{zh} 可连接", $"{en} can be connected to"));
        }
        catch (SocketException problem)
        {
            return HealthCheckResult.Unhealthy(Words.Of($"{zh} 无法连接：{problem.SocketErrorCode}", $"{en} cannot be connected to: {problem.SocketErrorCode}"));
        }
        catch (Exception problem) when (problem is AuthenticationException or IOException)
        {
            return HealthCheckResult.Unhealthy(Words.Of($"{zh} 的 TLS 证书未通过验证或握手失败", $"The TLS certificate of {en} could not be verified, or TLS failed"));
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(Words.Of($"{zh} 在 {Limit.TotalSeconds} 秒内没有应答", $"{en} did not answer within {Limit.TotalSeconds} s"));
        }
    }
}
