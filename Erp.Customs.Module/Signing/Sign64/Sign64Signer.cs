using Erp.Customs.Module.Signing.Devices;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Module.Signing.Schemes;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Sign64;

/// <summary>
/// Signs with a card through Sign64.dll (what some call the COM component) on the Windows machine that the card is plugged into. RSA alone. The library gives no certificate: that one
/// comes from the settings, and a card with another number is never asked to sign.
/// </summary>
internal sealed class Sign64Signer : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "Sign64";

    private readonly Sign64Library _library;
    private readonly string _pin;
    private readonly SigningCertificate _certificate;
    private readonly string _certificateSetting;
    private readonly TimeProvider _time;
    private readonly PinDevice _device;

    private Sign64Signer(MerchantOptions merchant, Sign64Library library, string pin, SigningCertificate certificate, TimeProvider time, ILogger logger)
    {
        (_library, _pin, _certificate, _certificateSetting, _time) = (library, pin, certificate, merchant.SigningSetting("CertificateFile"), time);
        Name = $"{KindName} {Path.GetFileName(merchant.Signing.Library)}";
        _device = new PinDevice(Name, time, logger, atEnd: library.Dispose);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a merchant's, on Windows; the card is not touched before it is needed.</summary>
    /// <exception cref="SignerException">A setting is wrong, or this is no Windows.</exception>
    public static Sign64Signer Open(MerchantOptions merchant, TimeProvider time, ILogger logger) => OperatingSystem.IsWindows()
        ? Load(merchant, time, logger)
        : throw new SignerException(SignerFailure.Configuration, Words.Of(
            $"{merchant.SigningSetting("Kind")} 为 Sign64，但 Sign64.dll 只能在 Windows 上使用；其他系统请用 EportClient 或签名代理", $"{merchant.SigningSetting("Kind")} is Sign64, but Sign64.dll runs on Windows alone: elsewhere take EportClient or the sign agent"));

    /// <summary>Loads the library that the settings name, whatever the system.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public static Sign64Signer Load(MerchantOptions merchant, TimeProvider time, ILogger logger)
    {
        var (pin, certificate) = (CardPin.Of(merchant), CertificateFile.Required(merchant));
        if (certificate.Verifier!.Scheme != SignatureScheme.RsaSha1)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                $"{merchant.SigningSetting("CertificateFile")} 是 SM2 证书，但 Sign64.dll 只支持 RSA", $"{merchant.SigningSetting("CertificateFile")} names an SM2 certificate, but Sign64.dll knows RSA alone"));
        }

        logger.LogInformation("Merchant {Merchant} signs with the card at Sign64.dll", merchant.Name);
        return new Sign64Signer(merchant, Sign64Library.Load(merchant.SigningSetting("Library"), merchant.Signing.Library!), pin, certificate, time, logger);
    }

    /// <inheritdoc/>
    public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        _certificate.ThrowIfOutOfTerm(_time.GetUtcNow(), _certificateSetting);
        var text = SignText.Encode(request);
        var signValue = await _device.CallAsync(() => Sign(text), cancellationToken);
        return new Signature(request.ProposedServiceTime, _certificate.CertNo, signValue, _certificate.Der);
    }

    /// <inheritdoc/>
    public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => Task.FromResult(_certificate.Shown());

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

    /// <summary>Another card may have another PIN: its number is looked at first.</summary>
    private string Sign(byte[] text) => _library.CertNo().Equals(_certificate.CertNo, StringComparison.OrdinalIgnoreCase)
        ? _library.Sign(text, _pin)
        : throw new SignerException(SignerFailure.Transient, Words.Of(
            $"读卡器中不是 {_certificateSetting} 的卡 {_certificate.CertNo}，更换卡后须一并更换该文件", $"The card in the reader is not {_certificate.CertNo}, which {_certificateSetting} names: a renewed card needs its certificate's file there"));
}
