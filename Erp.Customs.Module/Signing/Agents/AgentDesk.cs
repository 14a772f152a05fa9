using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>
/// Where a call that needs a signature and an agent that asks for work meet: in the table, since several nodes may share it; within a process both wake each other at once.
/// A text lives as long as the call that waits for it.
/// </summary>
internal sealed class AgentDesk(SignJobTable jobs, SignAgentTable agents, CustomsOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How long an agent may keep a text. The default value is 10 seconds: then another agent gets it while the call still waits.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How long a call waits for its signature. The default value is 25 seconds: less than the whole signing may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>Between two looks at what other nodes did. The default value is 0.25 seconds.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.25);

    /// <summary>An agent that was not heard of for so long is away. The default value is 60 seconds.</summary>
    public static readonly TimeSpan Away = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<AgentAnswer>> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Bell> _bells = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Has a text signed by one of the merchant's agents.</summary>
    /// <exception cref="SignerException">None did.</exception>
    public async Task<Signature> SignAsync(string merchant, SigningRequest request, CancellationToken cancellationToken)
    {
        await PresentAsync(merchant, cancellationToken);
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var waiting = _waiting[id] = new TaskCompletionSource<AgentAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await jobs.AddAsync(id, merchant, JsonSerializer.SerializeToUtf8Bytes(request, AgentWire.Json), Patience);
            BellOf(merchant).Ring();
            return Signed(await AnswerAsync(id, waiting.Task, cancellationToken));
        }
        finally
        {
            _waiting.TryRemove(id, out _);
            if (!waiting.Task.IsCompleted)
            {
                await jobs.RemoveAsync(id);
            }
        }
    }

    /// <summary>Waits for a text that the agent may sign.</summary>
    /// <returns><see langword="null"/> when none came.</returns>
    /// <exception cref="OperationCanceledException">The agent went away.</exception>
    public async Task<AgentJob?> LeaseAsync(AgentIdentity agent, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AgentWire.LongPoll, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _stopping.Token);
        while (!either.IsCancellationRequested)
        {
            var rung = BellOf(agent.Merchant).Next;
            if (await jobs.FreeAsync(agent.Merchant, cancellationToken) is not { } id)
            {
                await Task.WhenAny(rung, Task.Delay(Look, time, either.Token));
            }
            else if (await jobs.LeaseAsync(id, agent.Name, Lease) is { } job)
            {
                return new AgentJob(job.Id, job.Fence, JsonSerializer.Deserialize<SigningRequest>(job.Request, AgentWire.Json)!);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Hands an agent's answer to the call that waits.</summary>
    /// <returns><see langword="false"/>: nobody waits for it any more, or another agent has the text now; it is not used.</returns>
    public async Task<bool> EndAsync(AgentIdentity agent, AgentResult result)
    {
        var answer = new AgentAnswer(agent.Name, result.Signature, result.Failure, result.Reason);
        if (!_waiting.TryGetValue(result.Job, out var waiting))
        {
            return await jobs.AnswerAsync(result.Job, result.Fence, agent.Name, JsonSerializer.SerializeToUtf8Bytes(answer, AgentWire.Json));
        }

        return await jobs.TakeAsync(result.Job, result.Fence, agent.Name) && waiting.TrySetResult(answer);
    }

    /// <summary>The certificate of the agent that was heard of last.</summary>
    /// <exception cref="SignerException">No agent is there, or none can read its certificate.</exception>
    public async Task<SignerCertificate> CertificateAsync(string merchant, CancellationToken cancellationToken)
    {
        var present = await PresentAsync(merchant, cancellationToken);
        return present.FirstOrDefault(agent => agent.Standing.Certificate is not null) is { Standing: { CertNo: { } certNo, Scheme: { } scheme, Subject: { } subject, NotBefore: { } from, NotAfter: { } until, Certificate: { } der } }
            ? new SignerCertificate(certNo, scheme, subject, from, until, der)
            : throw Failed(SignerFailure.Transient, present[0].Name, present[0].Standing.Error);
    }

    /// <summary>The agents of a merchant that its settings name, and what is known of each.</summary>
    public async Task<IReadOnlyList<(string Name, SeenAgent? Seen)>> AgentsAsync(string merchant, CancellationToken cancellationToken)
    {
        var seen = (await agents.ListAsync(cancellationToken)).Where(agent => agent.Merchant == merchant).ToDictionary(agent => agent.Name, StringComparer.Ordinal);
        return [.. options.Merchants[merchant].Agents.Keys.Order(StringComparer.Ordinal).Select(name => (name, seen.GetValueOrDefault(name)))];
    }

    /// <summary>The module stops: whoever asks for work is let go.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private Bell BellOf(string merchant) => _bells.GetOrAdd(merchant, _ => new Bell());

    /// <returns>At least one, the one that was heard of last first.</returns>
    private async Task<IReadOnlyList<SeenAgent>> PresentAsync(string merchant, CancellationToken cancellationToken)
    {
        var present = (await AgentsAsync(merchant, cancellationToken)).Select(agent => agent.Seen).OfType<SeenAgent>().Where(agent => agent.Silence < Away).OrderBy(agent => agent.Silence).ToList();
        return present.Count > 0 ? present : throw new SignerException(SignerFailure.Transient, Words.Of(
            $"{Away.TotalSeconds} 秒内没有签名代理连接，请检查插卡电脑及其代理程序", $"No sign agent was heard of for {Away.TotalSeconds} s: look after the PC with the card and its agent"));
    }

    private async Task<AgentAnswer> AnswerAsync(string id, Task<AgentAnswer> here, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        while (true)
        {
            await Task.WhenAny(here, Task.Delay(Look, time, either.Token));
            if (here.IsCompleted)
            {
                return await here;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (await jobs.FindAnswerAsync(id, cancellationToken) is { } answer)
            {
                return JsonSerializer.Deserialize<AgentAnswer>(answer, AgentWire.Json)!;
            }

            if (limit.IsCancellationRequested)
            {
                throw new SignerException(SignerFailure.Transient, Words.Of($"签名代理在 {Patience.TotalSeconds} 秒内没有签名", $"No sign agent has signed within {Patience.TotalSeconds} s"));
            }
        }
    }

    private static Signature Signed(AgentAnswer answer) => answer.Signature ?? throw Failed(answer.Failure ?? SignerFailure.Transient, answer.Agent, answer.Reason);

    private static SignerException Failed(SignerFailure failure, string agent, string reason) => new(
        failure, Words.Of($"签名代理 {agent}：{Words.In(reason, english: false)}", $"Sign agent {agent}: {Words.In(reason, english: true)}"));

    /// <summary>An answer, and whose it is.</summary>
    private sealed record AgentAnswer(string Agent, Signature? Signature, SignerFailure? Failure, string Reason);
}
