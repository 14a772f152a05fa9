using System.Collections.Concurrent;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// The only way to a signer. A merchant's signers are asked in order of preference until one signs: one that fails is left alone for a while and asked behind the others, one that hangs
/// has its share of the time and no more. One wrong PIN closes a signer for everybody: the table says so to every node and after every start, until a person has reopened it; only then
/// does the signer that met the wrong PIN try one again.
/// </summary>
internal sealed class SignerGate(Signers signers, RequestTable requests, PersonNotice persons, CustomsOptions options, TimeProvider time, ILogger<SignerGate> logger) : ISignerStop
{
    /// <summary>How long signing may take, whoever signs in the end. The default value is 30 seconds; each signer that is still to be asked has an equal share of what is left.</summary>
    private static readonly TimeSpan SignTimeout = TimeSpan.FromSeconds(30);

    /// <summary>By the signer: merchant and name do not tell apart two key files.</summary>
    private readonly ConcurrentDictionary<ISigner, UploadCircuit> _circuits = new();

    /// <summary>The signers of a merchant that failed when they were last asked, while others stood in for them.</summary>
    public IEnumerable<(ISigner Signer, CircuitOutage Outage)> Outages(string merchant) =>
        signers.Of(merchant) is { Count: > 1 } several ? several.Where(signer => CircuitOf(signer).Outage is not null).Select(signer => (signer, CircuitOf(signer).Outage!)) : [];

    /// <summary>Signs with the first of the merchant's signers that does.</summary>
    /// <exception cref="SignerException">None did; the class decides what happens next.</exception>
    public async Task<Signature> SignAsync(string merchant, SigningRequest request, CancellationToken cancellationToken)
    {
        var inOrder = signers.Of(merchant);
        var began = time.GetTimestamp();
        var failures = new List<SignerException>();
        foreach (var signer in ByHope(inOrder))
        {
            try
            {
                var share = (SignTimeout - time.GetElapsedTime(began)) / (inOrder.Count - failures.Count);
                var signature = await SignAsync(merchant, signer, request, share > TimeSpan.Zero ? share : TimeSpan.Zero, cancellationToken);
                CircuitOf(signer).Succeeded();
                return signature;
            }
            catch (SignerException problem)
            {
                failures.Add(problem);
                if (inOrder.Count > 1)
                {
                    await FailedAsync(merchant, signer, problem);
                }
            }
        }

        // What passes by itself counts before what a person must see to: as long as one may come back, the request waits for it.
        var most = failures.MinBy(problem => Array.IndexOf([SignerFailure.Transient, SignerFailure.Configuration, SignerFailure.Pin], problem.Failure))!;
        if (most.Failure == SignerFailure.Pin)
        {
            // Where the last one was closed just now it is done already; not where another node closed it, or the settings took the open ones away.
            await requests.StopWithoutSignersAsync(merchant, most.Message, Names(merchant), persons.OfStop(merchant, most.Message));
        }

        throw most;
    }

    /// <summary>Has one of the merchant's signers sign, and no other.</summary>
    /// <exception cref="SignerException">It did not; the class decides what happens next.</exception>
    public Task<Signature> SignAsync(string merchant, ISigner signer, SigningRequest request, CancellationToken cancellationToken) => SignAsync(merchant, signer, request, SignTimeout, cancellationToken);

    private async Task<Signature> SignAsync(string merchant, ISigner signer, SigningRequest request, TimeSpan share, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(share, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await ThrowIfClosedAsync(signer, merchant, either.Token);
            // A device that heeds no token must not keep a worker for ever.
            return await ClosingAsync(merchant, signer, () => signer.SignAsync(request, either.Token).WaitAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignerException(SignerFailure.Transient, Words.Of("签名设备未在时限内应答", "The signer did not answer in time"));
        }
    }

    /// <inheritdoc/>
    public Task StopAgentsAsync(string merchant, string reason) => CloseAsync(merchant, SignerStop.Agents, reason);

    private async Task<Signature> ClosingAsync(string merchant, ISigner signer, Func<Task<Signature>> sign)
    {
        try
        {
            return await sign();
        }
        catch (SignerException problem) when (problem.Failure == SignerFailure.Pin)
        {
            await CloseAsync(merchant, signer.Name, problem.Message);
            throw;
        }
    }

    private Task CloseAsync(string merchant, string signer, string reason) => requests.StopSignerAsync(
        merchant, signer, reason, Names(merchant), persons.OfClosedSigner(merchant, signer, reason), persons.OfStop(merchant, reason));

    /// <summary>In order of preference; who is known to be away comes last, unless it is time to see whether it is back.</summary>
    private IEnumerable<ISigner> ByHope(IReadOnlyList<ISigner> inOrder)
    {
        var last = new List<ISigner>();
        foreach (var signer in inOrder)
        {
            if (CircuitOf(signer).WaitUntil() is null)
            {
                yield return signer;
            }
            else
            {
                last.Add(signer);
            }
        }

        foreach (var signer in last)
        {
            yield return signer;
        }
    }

    /// <summary>The first failure sends a signer to the end of the queue; as many as open any circuit are told to a person. A closed one was told of when it was closed.</summary>
    private async Task FailedAsync(string merchant, ISigner signer, SignerException problem)
    {
        if (problem.Failure == SignerFailure.Pin)
        {
            return;
        }

        var failures = CircuitOf(signer).Failed(problem.Message);
        if (failures == 1)
        {
            logger.LogWarning(
                "Signer {Signer} of {Merchant} failed, the others are asked before it; every {Seconds} s one request tries whether it is back: {Reason}",
                signer.Name, merchant, options.Circuit.ProbeEvery.TotalSeconds, problem.Message);
        }

        if (failures == options.Circuit.Failures)
        {
            await persons.TellOfOutageAsync(merchant, signer.Name, problem.Message);
        }
    }

    private string[] Names(string merchant) => [.. signers.Of(merchant).Select(signer => signer.Name)];

    private UploadCircuit CircuitOf(ISigner signer) => _circuits.GetOrAdd(signer, _ => new UploadCircuit(options.Circuit with { Failures = 1 }, time));

    private async Task ThrowIfClosedAsync(ISigner signer, string merchant, CancellationToken cancellationToken)
    {
        if (!signer.CanLock || (await requests.SignerStopsAsync(merchant, cancellationToken)).FirstOrDefault(stop => stop.Signer == signer.Name || stop is { Signer: "", ReopenedAt: null }) is not { } stop)
        {
            return;
        }

        if (stop.ReopenedAt is null)
        {
            throw new SignerException(SignerFailure.Pin, stop.Reason);
        }

        if (stop.ReopenedAt > signer.ClosedAt)
        {
            signer.Reopen();
        }
    }
}
