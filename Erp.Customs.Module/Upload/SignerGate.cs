using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// The only way to a signer. One wrong PIN closes a card for everybody: the table says so to every node and after every start, until a person has reopened the merchant; only then does
/// the signer that met the wrong PIN try one again.
/// </summary>
internal sealed class SignerGate(Signers signers, RequestTable requests, PersonNotice persons, TimeProvider time) : ISignerStop
{
    /// <summary>How long a signer may take. The default value is 30 seconds.</summary>
    private static readonly TimeSpan SignTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Signs.</summary>
    /// <exception cref="SignerException">It did not; the class decides what happens next.</exception>
    public async Task<Signature> SignAsync(string merchant, SigningRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SignTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var signer = signers.For(merchant);
            await ThrowIfClosedAsync(signer, merchant, either.Token);
            // A device that heeds no token must not keep a worker for ever.
            return await signer.SignAsync(request, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignerException(SignerFailure.Transient, Words.Of("签名设备未在时限内应答", "The signer did not answer in time"));
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(string merchant, string reason) => requests.StopMerchantAsync(merchant, UploadStop.Pin, reason, persons.OfStop(merchant, reason));

    private async Task ThrowIfClosedAsync(ISigner signer, string merchant, CancellationToken cancellationToken)
    {
        if (!signer.CanLock || await requests.LastStopAsync(merchant, cancellationToken) is not { } stop)
        {
            return;
        }

        if (stop is { Code: UploadStop.Pin, ReopenedAt: null })
        {
            throw new SignerException(SignerFailure.Pin, stop.Reason);
        }

        if (stop.ReopenedAt > signer.ClosedAt)
        {
            signer.Reopen();
        }
    }
}
