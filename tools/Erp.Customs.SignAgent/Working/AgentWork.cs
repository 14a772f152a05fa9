using System.Reflection;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.SignAgent.Working;

/// <summary>What the agent does all day: it gives signs of life, asks for a text, has it signed and brings the signature. One text at a time: one card takes one call at a time.</summary>
internal sealed class AgentWork(ModuleClient module, LocalSigner signer, AgentStatus status, TimeProvider time, ILogger<AgentWork> logger)
{
    /// <summary>Between two signs of life. The default value is 15 seconds.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>The same while something is amiss: while it is closed, or the module does not answer. The default value is 2 seconds.</summary>
    private static readonly TimeSpan QuickBeat = TimeSpan.FromSeconds(2);

    /// <summary>Shortest and longest wait after a failure; each in a row doubles it. The default values are 0.25 and 5 seconds.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) BackOff = (TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(5));

    /// <summary>How long a result is brought again while the module does not answer. The default value is 30 seconds: longer than anybody waits for it.</summary>
    private static readonly TimeSpan Bringing = TimeSpan.FromSeconds(30);

    /// <summary>How long a sign of life waits for the certificate. The default value is 5 seconds.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(5);

    private readonly Bell _changed = new();
    private TaskCompletionSource _mayWork = NewWait();

    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(AgentWork).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Works until it is stopped; what is being signed then is brought to its end.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Quietly(BeatAsync, stop), Quietly(WorkAsync, stop));

    private static async Task Quietly(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The usual end.
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        while (true)
        {
            var changed = _changed.Next;
            if (!await SayAsync(stop))
            {
                await Task.WhenAny(changed, Task.Delay(signer.ClosedWhy is null && status.Now.Away is null ? Beat : QuickBeat, time, stop));
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    /// <returns>Whether something came of it that is to be said at once.</returns>
    private async Task<bool> SayAsync(CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
            var (now, closed) = (status.Now, signer.ClosedWhy);
            var error = closed ?? (now.LastProblem.Length > 0 ? now.LastProblem : now.CertificateProblem);
            var welcome = await module.StateAsync(new AgentState(Version, Environment.MachineName, signer.Kind, now.Certificate, error, closed is not null), stop);
            Met(welcome);
            if (welcome.Reopened)
            {
                await signer.ReopenAsync();
                status.Reopened();
                logger.LogWarning("商户已由人工恢复，重新尝试 PIN | A person has reopened the merchant: the PIN is tried again");
                return true;
            }

            if (signer.ClosedWhy is null)
            {
                _mayWork.TrySetResult();
            }
        }
        catch (ModuleAwayException away)
        {
            Lost(away);
        }
        catch (Exception problem) when (problem is SignerException or ModuleConfigurationException)
        {
            logger.LogError("{Problem}", problem.Message);
        }

        return false;
    }

    /// <summary>The certificate, unless the signer has other things to do.</summary>
    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            status.Looked(await signer.CertificateAsync(stop).WaitAsync(Reading, time, stop), "");
        }
        catch (TimeoutException)
        {
            status.Looked(null, Words.Of("签名设备正忙", "The signer is busy"));
        }
        catch (SignerException problem)
        {
            status.Looked(null, problem.Message);
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        var failures = 0;
        while (true)
        {
            await _mayWork.Task.WaitAsync(stop);
            var began = time.GetTimestamp();
            try
            {
                var job = await module.LeaseAsync(stop);
                status.Heard();
                // A module that stops lets its agents go at once: not asked again at once.
                failures = job is null ? (time.GetElapsedTime(began) < BackOff.Most ? failures + 1 : 0)
                    : await SignAsync(job, stop) ? 0
                    : failures + 1;
            }
            catch (ModuleAwayException away)
            {
                Lost(away);
                failures++;
            }

            if (failures > 0)
            {
                await Task.Delay(Wait(failures), time, stop);
            }
        }
    }

    /// <returns>Whether the key signed.</returns>
    private async Task<bool> SignAsync(AgentJob job, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var result = await ResultAsync(job);
        var took = time.GetElapsedTime(began);
        var used = await BringAsync(result, stop);
        if (result.Signature is not null)
        {
            status.Signed(took, used);
            logger.LogInformation("已签名，{Milliseconds} 毫秒{TooLate} | Signed", (long)took.TotalMilliseconds, used ? "" : "，已无人等待 (nobody waits any more)");
            return true;
        }

        status.Failed(result.Reason);
        logger.LogWarning("未签名：{Reason} | Not signed", result.Reason);
        if (result.Failure == SignerFailure.Pin)
        {
            _mayWork = NewWait();
        }

        _changed.Ring();
        return false;
    }

    private async Task<AgentResult> ResultAsync(AgentJob job)
    {
        try
        {
            // Not given up when the agent stops: the card would go on, and whoever waits is helped.
            return new(job.Job, job.Fence, await signer.SignAsync(job.Request, CancellationToken.None), null, "");
        }
        catch (SignerException problem)
        {
            return new(job.Job, job.Fence, null, problem.Failure, problem.Message);
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "签名时发生意外错误 | An unexpected error while signing");
            return new(job.Job, job.Fence, null, SignerFailure.Transient, Words.Of($"意外错误（{problem.GetType().Name}）", $"Unexpected error ({problem.GetType().Name})"));
        }
    }

    /// <returns>Whether somebody waited for it.</returns>
    private async Task<bool> BringAsync(AgentResult result, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await module.EndAsync(result, CancellationToken.None);
            }
            catch (ModuleAwayException away)
            {
                Lost(away);
                if (stop.IsCancellationRequested || time.GetElapsedTime(began) > Bringing)
                {
                    return false;
                }
            }

            await Task.Delay(Wait(failures), time, CancellationToken.None);
        }
    }

    private void Met(AgentWelcome welcome)
    {
        if (status.Now is { Away: not null } or { HeardAt: null })
        {
            logger.LogInformation("已连接模块，代理 {Agent}，商户 {Merchant} | Connected to the module", welcome.Agent, welcome.Merchant);
        }

        status.Met(welcome);
    }

    private void Lost(ModuleAwayException away)
    {
        if (status.Lost(away.Message))
        {
            logger.LogWarning("{Problem}", away.Message);
            _changed.Ring();
        }
    }

    private static TimeSpan Wait(int failures)
    {
        var wait = BackOff.Least * Math.Pow(2, Math.Min(failures - 1, 10));
        return wait < BackOff.Most ? wait : BackOff.Most;
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
