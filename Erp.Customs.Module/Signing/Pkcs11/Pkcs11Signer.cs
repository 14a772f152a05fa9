using Erp.Customs.Module.Signing.Devices;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Module.Signing.Schemes;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Pkcs11;

/// <summary>
/// Signs with a key in a PKCS#11 device (服务器密码机、HSM; notice 179, 1.4). RSA: padded here, the device does the private operation alone, so no system's ban of SHA-1 stands in its way.
/// SM2 has no mechanism in PKCS#11 2.40, each maker has one of its own: refused.
/// </summary>
internal sealed class Pkcs11Signer : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "Pkcs11";

    private readonly Pkcs11Token _token;
    private readonly SigningCertificate? _configured;
    private readonly string _certificateSetting;
    private readonly TimeProvider _time;
    private readonly PinDevice _device;

    private Pkcs11Signer(MerchantOptions merchant, Pkcs11Token token, SigningCertificate? configured, TimeProvider time, ILogger logger)
    {
        (_token, _configured, _certificateSetting, _time) = (token, configured, merchant.SigningSetting("CertificateFile"), time);
        Name = $"{KindName} {merchant.Signing.TokenLabel}";
        _device = new PinDevice(Name, time, logger, atEnd: token.Hang);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a merchant's; the device is not touched before it is needed.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public static Pkcs11Signer Open(MerchantOptions merchant, TimeProvider time, ILogger logger)
    {
        if (!File.Exists(merchant.Signing.Library))
        {
            throw KeyFileSettings.Wrong(merchant.SigningSetting("Library"), "names a file that does not exist: it takes the PKCS#11 library of the device's maker");
        }

        var configured = string.IsNullOrEmpty(merchant.Signing.CertificateFile) ? null : CertificateFile.Required(merchant);
        ThrowIfNotRsa(configured);
        logger.LogInformation("Merchant {Merchant} signs with a PKCS#11 device", merchant.Name);
        return new Pkcs11Signer(merchant, new Pkcs11Token(merchant.Signing.Library!, merchant.Signing.TokenLabel!, merchant.Signing.KeyLabel, CardPin.Of(merchant)), configured, time, logger);
    }

    /// <inheritdoc/>
    public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        var text = SignText.Encode(request);
        var (certificate, signature) = await _device.CallAsync(
            () =>
            {
                var certificate = Certificate();
                ThrowIfOutOfTerm(certificate);
                return (certificate, _token.Sign(RsaSha1Padding.DigestInfo(text)));
            },
            cancellationToken);
        return new Signature(request.ProposedServiceTime, certificate.CertNo, Convert.ToBase64String(signature), certificate.Der);
    }

    /// <inheritdoc/>
    public async Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) =>
        (_configured ?? await _device.CallAsync(Certificate, cancellationToken)).Shown();

    /// <inheritdoc/>
    public bool CanLock => true;

    /// <inheritdoc/>
    public DateTimeOffset? ClosedAt => _device.ClosedAt;

    /// <inheritdoc/>
    public void Reopen() => _device.Reopen();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _device.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>From the settings or from the device, which gives it without a PIN.</summary>
    private SigningCertificate Certificate()
    {
        if (_configured is { } configured)
        {
            return configured;
        }

        var read = _token.Certificate();
        ThrowIfNotRsa(read);
        return read;
    }

    private void ThrowIfOutOfTerm(SigningCertificate certificate)
    {
        if (!certificate.IsValidAt(_time.GetUtcNow()))
        {
            // A renewed one may be there the next time.
            _token.Hang();
            certificate.ThrowIfOutOfTerm(_time.GetUtcNow(), _configured is null ? null : _certificateSetting);
        }
    }

    private static void ThrowIfNotRsa(SigningCertificate? certificate)
    {
        if (certificate is not null && certificate.Verifier?.Scheme != SignatureScheme.RsaSha1)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                $"证书 {certificate.CertNo} 不是 RSA：PKCS#11 没有统一的 SM2 机制，请用 EportClient 等方式签名", $"The certificate {certificate.CertNo} is not RSA: PKCS#11 has no common mechanism for SM2; take another kind of signer, such as EportClient"));
        }
    }
}
