using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing.KeyFiles;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Cbt;

/// <summary>
/// Signs at the Shanghai CBT gateway (上海跨境电商公共服务平台, document 3.1; protocol section 3). It makes serviceTime itself and gives no certificate: that one comes from the settings,
/// and what bears another certificate's number is refused.
/// </summary>
internal sealed class CbtSigner : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "CbtGateway";

    /// <summary>Longest payExInfoStr, in characters of Base64 (document 3.1.2.2: 2M).</summary>
    private const int MessageLimit = 2 * 1024 * 1024;

    private readonly CbtWire _wire;
    private readonly CbtOptions _options;
    private readonly SigningCertificate _certificate;
    private readonly string _certificateSetting;
    private readonly ICbtRenderer _renderer;
    private readonly TimeProvider _time;

    private CbtSigner(Uri address, CbtOptions options, SigningCertificate certificate, string certificateSetting, ICbtRenderer renderer, TimeProvider time)
    {
        (_wire, Name) = (new CbtWire(address, time), $"{KindName} {address.Authority}");
        (_options, _certificate, _certificateSetting, _renderer, _time) = (options, certificate, certificateSetting, renderer, time);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a merchant's; the gateway is not asked before it is needed.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public static CbtSigner Open(MerchantOptions merchant, ICbtRenderer renderer, TimeProvider time, ILogger logger)
    {
        var (address, options) = (merchant.Signing.Address!, merchant.Signing.Cbt!);
        logger.LogInformation("Merchant {Merchant} signs at the Shanghai CBT gateway {Address}", merchant.Name, address);
        return new CbtSigner(address, options, CertificateFile.Required(merchant), merchant.SigningSetting("CertificateFile"), renderer, time);
    }

    /// <inheritdoc/>
    public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _time.GetUtcNow();
        _certificate.ThrowIfOutOfTerm(now, _certificateSetting);
        var serialNumber = Guid.NewGuid().ToString("N");
        var (data, message) = Render(new CbtHeader(ChinaTime.ToCustoms(now), _options.Name, _options.Code, serialNumber, _options.Token, _options.AsInTable), request);
        if (message.Length > MessageLimit)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                $"payExInfoStr 的 Base64 有 {message.Length} 个字符，上海 CBT 至多接受 {MessageLimit} 个", $"payExInfoStr has {message.Length} characters of Base64, and the Shanghai CBT gateway takes up to {MessageLimit}"));
        }

        var reply = await _wire.PostAsync(data, message, cancellationToken);
        if (reply.SerialNumber != serialNumber)
        {
            throw Refused("应答属于另一次请求", "answered another call");
        }

        if (reply.CertNo?.ToLowerInvariant() != _certificate.CertNo)
        {
            throw Refused(
                $"所用证书不是 {_certificateSetting} 的证书 {_certificate.CertNo}，更换证书后须一并更换该文件", $"signed with another certificate than {_certificate.CertNo}, which {_certificateSetting} names: a renewed certificate needs its file there");
        }

        return reply is { ServiceTime: { } serviceTime, SignValue: { } signValue }
            ? new Signature(serviceTime, _certificate.CertNo, string.Concat(signValue.Where(character => !char.IsWhiteSpace(character))), _certificate.Der)
            : throw Refused("应答缺少 serviceTime 或 signValue", "answered without serviceTime or signValue");
    }

    /// <inheritdoc/>
    public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => Task.FromResult(_certificate.Shown());

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _wire.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>Both as Base64.</returns>
    private (string Data, string Message) Render(CbtHeader header, SigningRequest request)
    {
        try
        {
            return (Base64(_renderer.EData(header)), Base64(_renderer.PayExInfoStr(request.SessionId, request.Head, request.Lists)));
        }
        catch (ModuleConfigurationException wrong)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of($"模板有误：{wrong.Message}", $"The template is wrong: {wrong.Message}"), wrong);
        }
        catch (EncoderFallbackException)
        {
            // Not passed on: its message repeats characters of the text.
            throw new SignerException(SignerFailure.Configuration, Words.Of("加签内容含有不成对的代理字符", "What is to be signed holds a lone surrogate"));
        }
    }

    private static string Base64(string json) => Convert.ToBase64String(SignText.Encode(json));

    private SignerException Refused(string zh, string en) => new(SignerFailure.Transient, Words.Of($"{Name} {zh}", $"{Name} {en}"));
}
