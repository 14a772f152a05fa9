using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Eport;

/// <summary>
/// Signs with a card through the EportClient control on the PC that it is plugged into (protocol section 3). One call at a time for a card. After one wrong PIN the card is never tried
/// again until a person has reopened it; an answer that is lost counts as one unless this PIN was right before.
/// </summary>
internal sealed class EportSigner : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "EportClient";

    /// <summary>Where a control listens on its own PC.</summary>
    public const string UsualAddress = "ws://127.0.0.1:61232";

    private readonly EportWire _wire;
    private readonly string _pin;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private SigningCertificate? _certificate;
    private Closed? _closed;
    private bool _pinWasRight;

    private EportSigner(EportWire wire, Uri address, string pin, TimeProvider time) => (_wire, Name, _pin, _time) = (wire, $"{KindName} {address}", pin, time);

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a merchant's; the card is not touched before it is needed, so that the module starts without it.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public static EportSigner Open(MerchantOptions merchant, TimeProvider time, ILogger logger)
    {
        var address = merchant.Signing.Address ?? new Uri(UsualAddress);
        var pin = CardPin.Of(merchant);
        logger.LogInformation("Merchant {Merchant} signs with the card at the control {Address}", merchant.Name, address);
        return new EportSigner(new EportWire(address, time), address, pin, time);
    }

    /// <inheritdoc/>
    public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        var text = SignText.Compose(request.SessionId, request.Head, request.Lists, request.ProposedServiceTime);
        return await InTurnAsync(
            async () =>
            {
                var certificate = await ReadCertificateAsync(cancellationToken);
                ThrowIfOutOfTerm(certificate);
                var data = await TryPinAsync(() => _wire.CallAsync("SpcSignDataAsPEM", new { inData = text, passwd = _pin }, cancellationToken));
                var certNo = data.Count > 1 ? data[1].Trim().ToLowerInvariant() : "";
                if (certNo != certificate.CertNo)
                {
                    // Another card is plugged in now, or was: the next call reads its certificate anew.
                    _certificate = null;
                    throw new SignerException(SignerFailure.Transient, Words.Of(
                        $"卡已更换：证书为 {certificate.CertNo}，签名用的是另一张", $"The card was changed: its certificate is {certificate.CertNo}, and another one signed"));
                }

                return new Signature(request.ProposedServiceTime, certificate.CertNo, Unbroken(data[0]), certificate.Der);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken)
    {
        var certificate = await InTurnAsync(() => ReadCertificateAsync(cancellationToken), cancellationToken);
        return certificate.Shown();
    }

    /// <inheritdoc/>
    public bool CanLock => true;

    /// <inheritdoc/>
    public DateTimeOffset? ClosedAt => Volatile.Read(ref _closed)?.At;

    /// <inheritdoc/>
    public void Reopen()
    {
        // The card may have another PIN by now.
        Volatile.Write(ref _pinWasRight, false);
        Volatile.Write(ref _closed, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _wire.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Unbroken(string base64) => string.Concat(base64.Where(character => !char.IsWhiteSpace(character)));

    private async Task<T> InTurnAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Looked at in the turn: of many who wait, only the first may meet a wrong PIN.
            return Volatile.Read(ref _closed) is { } closed ? throw new SignerException(SignerFailure.Pin, closed.Why) : await call();
        }
        catch (SignerException problem) when (problem.Failure == SignerFailure.Pin)
        {
            Volatile.Write(ref _closed, Volatile.Read(ref _closed) ?? new Closed(_time.GetUtcNow(), problem.Message));
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// A call that carries the PIN. Where its answer is lost, the card has counted a wrong PIN or it has not: one that has been right since this signer was opened or reopened is tried again, one that
    /// nobody knows is not.
    /// </summary>
    private async Task<IReadOnlyList<string>> TryPinAsync(Func<Task<IReadOnlyList<string>>> call)
    {
        try
        {
            var data = await call();
            Volatile.Write(ref _pinWasRight, true);
            return data;
        }
        catch (Exception problem) when (_wire.AnswerIsLost && !Volatile.Read(ref _pinWasRight))
        {
            throw new SignerException(SignerFailure.Pin, Words.Of(
                $"{Name}：带 PIN 的调用没有收到应答，而此 PIN 尚未成功用过，无从得知其是否有误；为免锁卡，查明前不再尝试",
                $"{Name}: the answer to a call with the PIN was lost, and this PIN has not been right yet: it may be wrong. Lest the card lock, it is not tried again until a person has looked"), problem);
        }
    }

    private async Task<SigningCertificate> ReadCertificateAsync(CancellationToken cancellationToken)
    {
        if (_certificate is { } known)
        {
            return known;
        }

        var data = await _wire.CallAsync("SpcGetSignCertAsPEM", new { }, cancellationToken);
        try
        {
            return _certificate = SigningCertificate.Read(Convert.FromBase64String(Unbroken(data[0].Replace("-----BEGIN CERTIFICATE-----", "", StringComparison.Ordinal).Replace("-----END CERTIFICATE-----", "", StringComparison.Ordinal))));
        }
        catch (Exception problem) when (problem is FormatException or CryptographicException)
        {
            throw new SignerException(SignerFailure.Transient, Words.Of("卡的签名证书无法读取", "The card's certificate cannot be read"), problem);
        }
    }

    private void ThrowIfOutOfTerm(SigningCertificate certificate)
    {
        if (!certificate.IsValidAt(_time.GetUtcNow()))
        {
            // A renewed card may be there the next time.
            _certificate = null;
            certificate.ThrowIfOutOfTerm(_time.GetUtcNow());
        }
    }

    private sealed record Closed(DateTimeOffset At, string Why);
}
