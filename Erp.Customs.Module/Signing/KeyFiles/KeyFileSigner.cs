using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>
/// Signs with a key file (PFX or PEM), for rehearsals and for firms whose key customs have registered as a file.
/// The key is read once; signing is safe for many threads.
/// </summary>
internal sealed class KeyFileSigner : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "KeyFile";

    private readonly LoadedKey _key;
    private readonly TimeProvider _time;

    private KeyFileSigner(LoadedKey key, TimeProvider time) => (_key, _time) = (key, time);

    /// <inheritdoc />
    public string Kind => KindName;

    /// <inheritdoc />
    public IReadOnlyList<string> Warnings => _key.Certificate.IsValidAt(_time.GetUtcNow()) ? _key.Warnings : [.. _key.Warnings, OutOfTerm()];

    /// <summary>Loads a merchant's key, and logs what a person should change about it. A certificate outside its term loads too, so that the module runs; it refuses to sign.</summary>
    /// <exception cref="SignerException">Something is wrong; one sentence that names the setting.</exception>
    public static KeyFileSigner Load(MerchantOptions merchant, TimeProvider time, ILogger logger)
    {
        var signer = new KeyFileSigner(new KeyFileLoader(merchant).Load(), time);
        foreach (var warning in signer.Warnings)
        {
            logger.LogWarning("Signing key of merchant {Merchant}: {Warning}", merchant.Name, warning);
        }

        return signer;
    }

    /// <inheritdoc />
    public Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Signature>(cancellationToken);
        }

        try
        {
            return Task.FromResult(Sign(request));
        }
        catch (SignerException exception)
        {
            return Task.FromException<Signature>(exception);
        }
    }

    /// <inheritdoc />
    public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => Task.FromResult(_key.Certificate.Shown());

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _key.Signer.Dispose();
        return ValueTask.CompletedTask;
    }

    private Signature Sign(SigningRequest request)
    {
        var certificate = _key.Certificate;
        certificate.ThrowIfOutOfTerm(_time.GetUtcNow(), _key.CertificateSetting);

        var text = SignText.Encode(request);
        return new Signature(request.ProposedServiceTime, certificate.CertNo, Convert.ToBase64String(_key.Signer.Sign(text)), certificate.Der);
    }

    private string OutOfTerm()
    {
        var (zh, en) = _key.Certificate.OutOfTerm(_time.GetUtcNow());
        return Words.Of($"{_key.CertificateSetting}：{zh}", $"{_key.CertificateSetting}: {en}");
    }
}
