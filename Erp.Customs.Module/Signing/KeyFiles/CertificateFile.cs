using System.Security.Cryptography;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>The file that <c>Signing:CertificateFile</c> names: PEM, also with several, or DER.</summary>
internal static class CertificateFile
{
    /// <summary>Reads the certificates of a file; at least one.</summary>
    /// <param name="setting">The setting's name, for the sentence.</param>
    /// <param name="path">Its value.</param>
    /// <exception cref="SignerException">It cannot be read; the sentence names the setting.</exception>
    public static IReadOnlyList<SigningCertificate> Read(string setting, string path)
    {
        var bytes = SmallFile.Read(setting, path).Bytes;
        try
        {
            var content = PemFile.ReadCertificates(bytes);
            return content is null ? [Read(setting, bytes)]
                : content.Count > 0 ? [.. content.Select(der => Read(setting, der))]
                : throw KeyFileSettings.Wrong(setting, "names a PEM file without a certificate");
        }
        catch (FormatException exception)
        {
            throw KeyFileSettings.Wrong(setting, "names a PEM file that is damaged", exception);
        }
    }

    /// <summary>Reads a certificate that stood in a file.</summary>
    /// <param name="setting">The setting that names the file.</param>
    /// <param name="der">DER.</param>
    /// <exception cref="SignerException">It is none.</exception>
    public static SigningCertificate Read(string setting, byte[] der)
    {
        try
        {
            return SigningCertificate.Read(der);
        }
        catch (CryptographicException exception)
        {
            throw KeyFileSettings.Wrong(setting, "names a file whose certificate cannot be read: it takes an X.509 certificate, PEM or DER", exception);
        }
    }

    /// <summary>The certificate of a signer that gives none itself: the first in the file.</summary>
    /// <exception cref="SignerException">The setting is missing, or names no certificate with a key that customs know.</exception>
    public static SigningCertificate Required(MerchantOptions merchant)
    {
        var setting = merchant.SigningSetting("CertificateFile");
        if (string.IsNullOrEmpty(merchant.Signing.CertificateFile))
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                $"缺少设置 {setting}：签名方不提供证书，须填写其证书文件（PEM 或 DER），用于本地验签", $"{setting} is missing: this signer gives no certificate, and without its file (PEM or DER) no signature can be verified"));
        }

        var certificate = Read(setting, merchant.Signing.CertificateFile)[0];
        return certificate.Verifier is null ? throw KeyFileSettings.Wrong(setting, "names a file whose certificate has a key that is neither RSA nor SM2 (curve sm2p256v1)") : certificate;
    }
}
