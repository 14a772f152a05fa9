using System.Text.Json;
using System.Threading.RateLimiting;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>What sign agents call (<see cref="AgentWire"/>). They call out alone: nothing is ever sent to them but answers.</summary>
internal sealed class SignAgentEndpoints(AgentDesk desk, SignAgentTable agents, ISignerStop stop, CustomsOptions options, ILogger<SignAgentEndpoints> logger) : IDisposable
{
    /// <summary>Calls in a second, of all agents and of whoever tries to be one. The default value is 1000: more than agents ever need.</summary>
    private const int CallsPerSecond = 1000;

    /// <summary>Largest body. The default value is 64 KiB.</summary>
    private const int BodyLimit = 64 * 1024;

    /// <summary>Longest sentence of an agent that is kept. The default value is 500 characters.</summary>
    private const int LongestSentence = 500;

    /// <summary>Longest certificate that is kept. The default value is 16 KiB; usual ones have 1 to 2.</summary>
    private const int LongestCertificate = 16 * 1024;

    /// <summary>Slowest sender that is waited for. The default value is 240 bytes a second after 5 seconds.</summary>
    private static readonly MinDataRate SlowestSender = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private readonly FixedWindowRateLimiter _limiter = new(new FixedWindowRateLimiterOptions { PermitLimit = CallsPerSecond, Window = TimeSpan.FromSeconds(1), QueueLimit = 0 });

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sign-agent").WithMetadata(new BodySizeLimit());
        group.MapPost("/" + AgentWire.Lease, (HttpContext http, SignAgentEndpoints own) => own.AnswerAsync(http, own.LeaseAsync));
        group.MapPost("/" + AgentWire.Result, (HttpContext http, SignAgentEndpoints own) => own.AnswerAsync(http, own.ResultAsync));
        group.MapPost("/" + AgentWire.State, (HttpContext http, SignAgentEndpoints own) => own.AnswerAsync(http, own.StateAsync));
        group.MapFallback(() => Problem(StatusCodes.Status404NotFound, Words.Of("没有这个接口", "There is no such address")));
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private async Task<IResult> AnswerAsync(HttpContext http, Func<HttpContext, AgentIdentity, Task<IResult>> answer)
    {
        using var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return Problem(StatusCodes.Status429TooManyRequests, Words.Of("调用过于频繁", "Too many calls"));
        }

        if (AgentIdentity.Find(options, http.Request) is not { } agent)
        {
            return Problem(StatusCodes.Status401Unauthorized, Words.Of("令牌缺失或无效", "The token is missing or wrong"));
        }

        http.Response.Headers.CacheControl = "no-store";
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestSender;
        }

        try
        {
            return await answer(http, agent);
        }
        catch (JsonException)
        {
            return Problem(StatusCodes.Status400BadRequest, Words.Of("请求内容有误", "The body is not what belongs here"));
        }
    }

    private async Task<IResult> LeaseAsync(HttpContext http, AgentIdentity agent) =>
        await desk.LeaseAsync(agent, http.RequestAborted) is { } job ? Json(job) : Results.NoContent();

    private async Task<IResult> ResultAsync(HttpContext http, AgentIdentity agent)
    {
        var result = await ReadAsync<AgentResult>(http);
        if ((result.Signature is null) == (result.Failure is null))
        {
            throw new JsonException();
        }

        if (result.Failure == SignerFailure.Pin)
        {
            await agents.CloseAsync(agent.Merchant, agent.Name);
            await StopAsync(agent, result.Reason);
        }

        return await desk.EndAsync(agent, result with { Reason = Short(result.Reason) })
            ? Results.NoContent()
            : Problem(StatusCodes.Status410Gone, Words.Of("已无人等待此签名", "Nobody waits for this signature any more"));
    }

    private async Task<IResult> StateAsync(HttpContext http, AgentIdentity agent)
    {
        var state = await ReadAsync<AgentState>(http);
        var certificate = state.Certificate;
        var reopened = await agents.SawAsync(agent.Merchant, agent.Name, new AgentStanding
        {
            Version = Cut(state.Version, 64),
            Machine = Cut(state.Machine, 200),
            Kind = Cut(state.Kind, 64),
            CertNo = certificate is null ? null : Cut(certificate.CertNo, 64),
            Scheme = certificate is null ? null : Cut(certificate.Scheme, 32),
            Certificate = certificate is { Der.Length: <= LongestCertificate } ? certificate.Der : null,
            Subject = certificate is null ? null : Cut(certificate.Subject, 400),
            NotBefore = certificate?.NotBefore,
            NotAfter = certificate?.NotAfter,
            Error = Short(state.Error),
        }, state.Closed);
        if (state.Closed && !reopened)
        {
            // Also where the signature that met the wrong PIN has reached nobody: what is stopped already stays as it is.
            await StopAsync(agent, state.Error);
        }

        return Json(new AgentWelcome(agent.Name, agent.Merchant, reopened));
    }

    private Task StopAsync(AgentIdentity agent, string reason)
    {
        logger.LogWarning("Sign agent {Agent} of merchant {Merchant} has met a wrong PIN: {Reason}", agent.Name, agent.Merchant, Short(reason));
        return stop.StopAgentsAsync(agent.Merchant, Words.Of($"签名代理 {agent.Name}：{Words.In(Short(reason), english: false)}", $"Sign agent {agent.Name}: {Words.In(Short(reason), english: true)}"));
    }

    private static async Task<T> ReadAsync<T>(HttpContext http) => await JsonSerializer.DeserializeAsync<T>(http.Request.Body, AgentWire.Json, http.RequestAborted) ?? throw new JsonException();

    private static IResult Json<T>(T value) => Results.Json(value, AgentWire.Json);

    private static IResult Problem(int status, string error) => Results.Json(new { error }, statusCode: status);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    /// <summary>Each half of a sentence, so that it stays one in both languages.</summary>
    private static string Short(string sentence)
    {
        var (zh, en) = (Cut(Words.In(sentence, english: false), LongestSentence), Cut(Words.In(sentence, english: true), LongestSentence));
        return zh == en ? zh : Words.Of(zh, en);
    }

    private sealed class BodySizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => BodyLimit;
    }
}
