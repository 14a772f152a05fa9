using System.Collections.Concurrent;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>The ways out of the house: customs, and each merchant's signer for itself. When one is open again, whoever waited for it is due at once.</summary>
internal sealed class UploadCircuits(CustomsOptions options, RequestTable requests, UploadRelay relay, PersonNotice people, TimeProvider time, ILogger<UploadCircuits> logger)
{
    /// <summary>Requests that may be with one merchant's signer at a time, so that one that hangs leaves workers to the others. The default value is half of the workers.</summary>
    private const int AtOneSigner = JobsServices.Workers / 2;

    /// <summary>The same once it has failed and not signed since. The default value is a quarter of the workers.</summary>
    private const int AtSuspectSigner = JobsServices.Workers / 4;

    private readonly ConcurrentDictionary<string, SignerWay> _signers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The way to customs' address.</summary>
    public UploadCircuit Customs { get; } = new(options.Circuit, time);

    /// <summary>The circuits of the signers that were ever needed, by merchant.</summary>
    public IEnumerable<(string Merchant, UploadCircuit Circuit)> Signers => _signers.Select(pair => (pair.Key, pair.Value.Circuit));

    /// <summary>Asks for a turn at a merchant's signer.</summary>
    /// <returns>The turn, to be given back; <see langword="null"/> when as many are there as may be.</returns>
    public IDisposable? EnterSigner(string merchant)
    {
        var way = WayOf(merchant);
        return way.Enter(way.Circuit.IsSuspect ? AtSuspectSigner : AtOneSigner);
    }

    /// <summary>The circuit of a merchant's signer.</summary>
    public UploadCircuit SignerOf(string merchant) => WayOf(merchant).Circuit;

    /// <summary>Customs answered, whatever they said.</summary>
    public async Task CustomsAnsweredAsync()
    {
        if (Customs.Succeeded())
        {
            logger.LogInformation("Customs answer again");
            relay.Offer(await requests.WakeForCustomsAsync());
        }
    }

    /// <summary>Customs could not be reached, or gave no answer that tells anything.</summary>
    public async Task CustomsFailedAsync(string reason, TimeSpan? retryAfter)
    {
        var most = options.Retry[FailureClass.CustomsTransient].Most;
        if (Customs.Failed(reason, retryAfter > most ? most : retryAfter) == options.Circuit.Failures)
        {
            logger.LogWarning("Customs do not answer: {Count} failures in a row; one upload every {Seconds} s tries whether they are back", options.Circuit.Failures, options.Circuit.ProbeEvery.TotalSeconds);
            await people.TellOfOutageAsync(reason);
        }
    }

    /// <summary>A merchant's signer signed.</summary>
    public async Task SignedAsync(string merchant)
    {
        if (SignerOf(merchant).Succeeded())
        {
            logger.LogInformation("The signer of {Merchant} answers again", merchant);
            relay.Offer(await requests.WakeForSignerAsync(merchant));
        }
    }

    /// <summary>A merchant's signer did not answer.</summary>
    public async Task SignerFailedAsync(string merchant, string reason)
    {
        if (SignerOf(merchant).Failed(reason) == options.Circuit.Failures)
        {
            logger.LogWarning(
                "The signer of {Merchant} does not answer: {Count} failures in a row; one request every {Seconds} s tries whether it is back", merchant, options.Circuit.Failures, options.Circuit.ProbeEvery.TotalSeconds);
            await people.TellOfOutageAsync(merchant, reason);
        }
    }

    private SignerWay WayOf(string merchant) => _signers.GetOrAdd(merchant, _ => new SignerWay(new UploadCircuit(options.Circuit, time)));

    private sealed class SignerWay(UploadCircuit circuit)
    {
        private int _inside;

        public UploadCircuit Circuit { get; } = circuit;

        public IDisposable? Enter(int limit)
        {
            if (Interlocked.Increment(ref _inside) <= limit)
            {
                return new Turn(this);
            }

            Interlocked.Decrement(ref _inside);
            return null;
        }

        private sealed class Turn(SignerWay way) : IDisposable
        {
            public void Dispose() => Interlocked.Decrement(ref way._inside);
        }
    }
}
