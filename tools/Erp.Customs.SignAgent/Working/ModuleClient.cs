using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Erp.Customs.Module;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.SignAgent.Settings;

namespace Erp.Customs.SignAgent.Working;

/// <summary>Calls the module. TLS is verified, no redirect is followed, the token stands in a header alone.</summary>
internal sealed class ModuleClient : IDisposable
{
    /// <summary>Largest answer that is read. 8 MiB: a text holds all orders of a payment.</summary>
    private const int AnswerLimit = 8 * 1024 * 1024;

    /// <summary>How long a call may take that is answered at once. The default value is 10 seconds.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly AuthenticationHeaderValue _token;

    /// <summary>Connects when it is first needed.</summary>
    public ModuleClient(AgentSettings settings)
    {
        _http = Outgoing.NewHttpClient(AnswerLimit, authority: settings.Authority);
        _address = new Uri(settings.Module, "sign-agent/");
        _token = new AuthenticationHeaderValue("Bearer", settings.Token);
    }

    /// <summary>Waits for a text to sign.</summary>
    /// <returns><see langword="null"/> when there was none.</returns>
    /// <exception cref="ModuleAwayException">The module does not answer as it should.</exception>
    public async Task<AgentJob?> LeaseAsync(CancellationToken cancellationToken)
    {
        var (status, body) = await PostAsync(AgentWire.Lease, body: null, AgentWire.LongPoll + s_limit, cancellationToken);
        return status == HttpStatusCode.NoContent ? null : Read<AgentJob>(body);
    }

    /// <summary>Brings what became of a text.</summary>
    /// <returns><see langword="false"/> when nobody waits for it any more.</returns>
    /// <exception cref="ModuleAwayException">The module does not answer as it should.</exception>
    public async Task<bool> EndAsync(AgentResult result, CancellationToken cancellationToken) =>
        (await PostAsync(AgentWire.Result, JsonSerializer.SerializeToUtf8Bytes(result, AgentWire.Json), s_limit, cancellationToken)).Status != HttpStatusCode.Gone;

    /// <summary>Gives a sign of life.</summary>
    /// <exception cref="ModuleAwayException">The module does not answer as it should.</exception>
    public async Task<AgentWelcome> StateAsync(AgentState state, CancellationToken cancellationToken) =>
        Read<AgentWelcome>((await PostAsync(AgentWire.State, JsonSerializer.SerializeToUtf8Bytes(state, AgentWire.Json), s_limit, cancellationToken)).Body);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string what, byte[]? body, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, what)) { Content = new ByteArrayContent(body ?? []) };
        request.Headers.Authorization = _token;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await _http.SendAsync(request, late.Token);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Gone
                ? (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(late.Token))
                : throw Refused(answer.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Away("在时限内没有应答", "did not answer in time");
        }
        catch (HttpRequestException problem) when (problem.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw Away(
                $"的 https 证书不受本机信任，未发送任何内容；请核对地址，或在设置 {AgentSettings.AuthorityKey} 中指明签发它的 CA 证书文件",
                $"shows no https certificate that this machine trusts; nothing was sent: see that the address is right, or name the file of its CA's certificate by {AgentSettings.AuthorityKey}");
        }
        catch (HttpRequestException problem)
        {
            var why = problem is { InnerException: SocketException socket } ? $"{problem.HttpRequestError}: {socket.SocketErrorCode}" : problem.HttpRequestError.ToString();
            throw Away($"无法连接（{why}）", $"cannot be reached ({why})");
        }
    }

    private T Read<T>(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, AgentWire.Json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            // Not passed on: its message may repeat characters of a text.
            throw Away("应答无法识别，请检查地址", "answered what cannot be read: see that the address is the module's");
        }
    }

    private ModuleAwayException Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => Away("不认识此代理的令牌，请核对模块设置 Signing:Agents", "does not know this agent's token: compare it with the module's setting Signing:Agents"),
        HttpStatusCode.ServiceUnavailable => Away("暂停服务", "is switched off or stopping"),
        _ => Away($"应答 HTTP {(int)status}", $"answered HTTP {(int)status}"),
    };

    private ModuleAwayException Away(string zh, string en) => new(Words.Of($"模块 {_address.Authority} {zh}", $"The module at {_address.Authority} {en}"));
}

/// <summary>The module does not answer as it should. The message is one sentence without secrets.</summary>
internal sealed class ModuleAwayException(string message) : Exception(message);
