using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Erp.Customs.Module.Signing.Schemes;

namespace Erp.Customs.Module.Signing;

/// <summary>签名证书: what a signature is checked against, read once from the certificate's DER.</summary>
/// <param name="Der">The certificate.</param>
/// <param name="CertNo">See <see cref="CertNoOf"/>.</param>
/// <param name="Subject">To whom it was issued.</param>
/// <param name="NotBefore">First moment of its validity, UTC.</param>
/// <param name="NotAfter">Last moment of its validity, UTC.</param>
/// <param name="Verifier">Of its key; <see langword="null"/> when that is neither RSA nor SM2.</param>
internal sealed record SigningCertificate(
    byte[] Der, string CertNo, string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter, SchemeVerifier? Verifier)
{
    /// <summary>Reads a certificate.</summary>
    /// <param name="der">DER and nothing else.</param>
    /// <exception cref="CryptographicException">It is not one.</exception>
    public static SigningCertificate Read(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        if (!certificate.RawDataMemory.Span.SequenceEqual(der))
        {
            throw new CryptographicException("The certificate is not plain DER.");
        }

        return new SigningCertificate(
            der,
            CertNoOf(certificate.SerialNumber),
            certificate.Subject,
            new DateTimeOffset(certificate.NotBefore).ToUniversalTime(),
            new DateTimeOffset(certificate.NotAfter).ToUniversalTime(),
            SchemeVerifier.Find(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>
    /// 证书编号: the serial number in lower-case hex, two digits a byte, so that leading zeros stay: 01691f7f, 03000000000cde6f. Customs know numbers of 8 and 16 digits,
    /// whole bytes of the card's number. A serial that begins with a bit set carries a zero byte more in DER (00 9f 69 1f 7f), because DER knows signs;
    /// <see cref="X509Certificate2.SerialNumber"/> shows that byte, but it belongs to the encoding and would make 10 or 18 digits: it is left out (9f691f7f), as by openssl.
    /// Nothing is ever padded: DER forbids further zero bytes, so nobody could tell how many there were.
    /// </summary>
    public static string CertNoOf(string serialNumber)
    {
        var signByte = serialNumber.Length > 2 && serialNumber.StartsWith("00", StringComparison.Ordinal) && serialNumber[2] >= '8';
        return (signByte ? serialNumber[2..] : serialNumber).ToLowerInvariant();
    }

    /// <summary>Whether it may be used at that time.</summary>
    public bool IsValidAt(DateTimeOffset now) => NotBefore <= now && now <= NotAfter;

    /// <summary>Why it may not be used at a time at which <see cref="IsValidAt"/> says no.</summary>
    public (string Zh, string En) OutOfTerm(DateTimeOffset now) => now < NotBefore
        ? ($"签名证书 {CertNo} 自 {Utc(NotBefore)} 起才有效", $"the certificate {CertNo} is not valid before {Utc(NotBefore)}")
        : ($"签名证书 {CertNo} 已于 {Utc(NotAfter)} 过期", $"the certificate {CertNo} expired at {Utc(NotAfter)}");

    /// <summary>What is shown of it.</summary>
    public SignerCertificate Shown() => new(CertNo, Verifier?.Scheme ?? "", Subject, NotBefore, NotAfter, Der);

    /// <summary>Nothing may be signed with it outside its term.</summary>
    /// <param name="now">The time.</param>
    /// <param name="setting">The setting that names its file; <see langword="null"/> where it comes from a device.</param>
    /// <exception cref="SignerException">It is outside.</exception>
    public void ThrowIfOutOfTerm(DateTimeOffset now, string? setting = null)
    {
        if (!IsValidAt(now))
        {
            var (zh, en) = OutOfTerm(now);
            throw new SignerException(SignerFailure.Configuration, setting is null ? Words.Of(zh, en) : Words.Of($"{setting}：{zh}", $"{setting}: {en}"));
        }
    }

    private static string Utc(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
