using Erp.Customs.Module.Signing.Schemes;
using Org.BouncyCastle.Crypto;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>Finds the pair of private key and certificate that a merchant's settings name, and proves that it is a pair.</summary>
internal sealed class KeyFileLoader(MerchantOptions merchant)
{
    /// <summary>Harmless: nobody could take it for the text of a report to customs.</summary>
    private static readonly byte[] Trial = "Erp.Customs: do key and certificate belong together?"u8.ToArray();

    private readonly KeyFileSettings _settings = new(merchant);

    private bool HasCertificateFile => !string.IsNullOrEmpty(merchant.Signing.CertificateFile);

    private string CertificateSetting => HasCertificateFile ? _settings.CertificateFile : _settings.KeyFile;

    /// <summary>Loads the pair.</summary>
    /// <exception cref="SignerException">Something is wrong; one sentence that names the setting.</exception>
    public LoadedKey Load()
    {
        var keyFile = SmallFile.Read(_settings.KeyFile, merchant.Signing.KeyFile);
        var content = ReadKeyFile(keyFile.Bytes);
        var signer = SchemeSigner.Find(OnlyKey(content))
            ?? throw KeyFileSettings.Wrong(_settings.KeyFile, "names a file whose key is neither RSA nor SM2 (curve sm2p256v1)");
        try
        {
            return new LoadedKey(signer, Pair(signer, content), CertificateSetting, [.. Warnings(keyFile, content)]);
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    private KeyFileContent ReadKeyFile(byte[] bytes)
    {
        // An empty password is none: nobody could tell them apart in a configuration file.
        var password = string.IsNullOrEmpty(merchant.Signing.KeyPassword) ? null : merchant.Signing.KeyPassword;
        try
        {
            return PemFile.Read(bytes, password) ?? PfxFile.Read(bytes, password)
                ?? throw KeyFileSettings.Wrong(_settings.KeyFile, "names a file that is neither PFX nor PEM");
        }
        catch (KeyFilePasswordException exception)
        {
            // Not SignerFailure.Pin: a file counts no attempts and locks nobody out; once the setting is right, all is well.
            throw password is null
                ? KeyFileSettings.Wrong(_settings.KeyPassword, "is missing: the key file is encrypted")
                : KeyFileSettings.Wrong(
                    _settings.KeyPassword,
                    "does not open the key file: the password is wrong, or the file is damaged or encrypted in an unusual way (openssl pkcs8 -topk8 -v2 aes-256-cbc writes a usual one)",
                    exception);
        }
        catch (FormatException exception)
        {
            throw KeyFileSettings.Wrong(_settings.KeyFile, "names a PEM file that is damaged", exception);
        }
    }

    private AsymmetricKeyParameter OnlyKey(KeyFileContent content) => content.Keys.Count switch
    {
        1 => content.Keys[0],
        0 => throw KeyFileSettings.Wrong(_settings.KeyFile, "names a file without a private key"),
        _ => throw KeyFileSettings.Wrong(_settings.KeyFile, $"names a file with {content.Keys.Count} private keys, but exactly one must sign"),
    };

    private SigningCertificate Pair(SchemeSigner signer, KeyFileContent content)
    {
        var setting = CertificateSetting;
        var certificates = HasCertificateFile
            ? CertificateFile.Read(setting, merchant.Signing.CertificateFile!)
            : [.. content.Certificates.Select(der => CertificateFile.Read(setting, der))];
        if (certificates.Count == 0)
        {
            throw KeyFileSettings.Wrong(_settings.CertificateFile, "is missing: the key file holds no certificate");
        }

        // A file may hold the whole chain: the certificate that verifies what the key signed is the one.
        var signature = signer.Sign(Trial);
        return certificates.FirstOrDefault(certificate => certificate.Verifier?.Verify(Trial, signature) == true)
            ?? throw (certificates.All(certificate => certificate.Verifier is null)
                ? KeyFileSettings.Wrong(setting, "names a file whose certificate has a key that is neither RSA nor SM2 (curve sm2p256v1)")
                : KeyFileSettings.Wrong(setting, $"names a file whose certificate does not belong to the private key in {_settings.KeyFile}"));
    }

    private IEnumerable<string> Warnings(SmallFile file, KeyFileContent content)
    {
        if (!content.Encrypted)
        {
            yield return Words.Of($"{_settings.KeyFile} 指向未加密的私钥文件，请设置口令并填写 {_settings.KeyPassword}", $"{_settings.KeyFile} names an unencrypted key: encrypt it and set {_settings.KeyPassword}");
        }

        if (file.ReadableByOthers)
        {
            yield return Words.Of($"{_settings.KeyFile} 指向的文件对本机所有账户可读，请收回权限 (chmod o-r)", $"{_settings.KeyFile} names a file that every account of this machine may read: take that right away (chmod o-r)");
        }
    }
}

/// <summary>A private key with its certificate.</summary>
/// <param name="Signer">Signs.</param>
/// <param name="Certificate">Verifies what it signs; has a verifier.</param>
/// <param name="CertificateSetting">The setting that names the certificate's file.</param>
/// <param name="Warnings">What a person should change, one sentence each (<see cref="Words"/>).</param>
internal sealed record LoadedKey(SchemeSigner Signer, SigningCertificate Certificate, string CertificateSetting, IReadOnlyList<string> Warnings);
