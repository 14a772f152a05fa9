using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Erp.Customs.Simulator.Judging;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Erp.Customs.Simulator;

/// <summary>A key with its certificate, and the files that firms keep them in. The files are the owner's alone.</summary>
public sealed class IssuedCard
{
    private const int Iterations = 10_000;
    private const int SaltBytes = 16;

    private readonly byte[] _certificate;
    private readonly byte[] _privateKey;

    internal IssuedCard(CardKind kind, string certNo, byte[] certificate, byte[] privateKey)
    {
        Kind = kind;
        CertNo = certNo;
        _certificate = certificate;
        _privateKey = privateKey;
    }

    /// <summary>What it signs with.</summary>
    public CardKind Kind { get; }

    /// <summary>证书编号: serial number in lower-case hex with its leading zero.</summary>
    public string CertNo { get; }

    /// <summary>The certificate, DER.</summary>
    public ReadOnlyMemory<byte> Certificate => _certificate;

    /// <summary>The private key, PKCS#8 DER.</summary>
    public ReadOnlyMemory<byte> PrivateKey => _privateKey;

    /// <summary>The certificate, PEM.</summary>
    public string CertificatePem => PemEncoding.WriteString("CERTIFICATE", _certificate);

    /// <summary>Signs as the card does: RSA with SHA-1, or SM2 with SM3 as 64 bytes.</summary>
    public byte[] Sign(byte[] text)
    {
        var key = PrivateKeyFactory.CreateKey(_privateKey);
        ISigner signer = Kind is CardKind.Rsa1024 ? new RsaDigestSigner(new Sha1Digest()) : new SM2Signer(PlainDsaEncoding.Instance, new SM3Digest());
        signer.Init(forSigning: true, Kind is CardKind.Rsa1024 ? key : new ParametersWithID(new ParametersWithRandom(key, new SecureRandom()), RegisteredKey.Sm2UserId));
        signer.BlockUpdate(text, 0, text.Length);
        return signer.GenerateSignature();
    }

    /// <summary>Reads a card that <see cref="WriteKey"/> wrote without a password.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IssuedCard ReadKey(string path)
    {
        var pem = File.ReadAllText(path);
        var key = PemEncoding.TryFind(pem, out var first) && pem[first.Label] == "PRIVATE KEY" ? Convert.FromBase64String(pem[first.Base64Data]) : null;
        if (key is null || !PemEncoding.TryFind(pem.AsSpan(first.Location.End), out var second))
        {
            throw new InvalidDataException($"{path} holds no key with its certificate.");
        }

        var certificate = Convert.FromBase64String(pem[first.Location.End..][second.Base64Data]);
        var read = new X509CertificateParser().ReadCertificate(certificate);
        var kind = read.GetPublicKey() is RsaKeyParameters ? CardKind.Rsa1024 : CardKind.Sm2;
        return new IssuedCard(kind, read.SerialNumber.ToString(16).PadLeft(kind is CardKind.Rsa1024 ? 8 : 16, '0'), certificate, key);
    }

    /// <summary>Writes the certificate, PEM.</summary>
    public void WriteCertificate(string path) => Write(path, System.Text.Encoding.ASCII.GetBytes(CertificatePem + "\n"));

    /// <summary>Writes the key as PEM with the certificate behind it.</summary>
    /// <param name="path">A new file or one to replace.</param>
    /// <param name="password">Encrypts the key (PBES2, AES-256); <see langword="null"/> leaves it in the clear.</param>
    public void WriteKey(string path, string? password)
    {
        var key = password is null
            ? PemEncoding.WriteString("PRIVATE KEY", _privateKey)
            : PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Encrypt(password));
        Write(path, System.Text.Encoding.ASCII.GetBytes($"{key}\n{CertificatePem}\n"));
    }

    /// <summary>Writes key and certificate as PFX.</summary>
    /// <param name="path">A new file or one to replace.</param>
    /// <param name="password">Encrypts it.</param>
    public void WritePfx(string path, string password) => Write(path, Kind is CardKind.Rsa1024 ? RsaPfx(password) : Sm2Pfx(password));

    private byte[] Encrypt(string password) => EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
        NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, Utf8(password), RandomNumberGenerator.GetBytes(SaltBytes),
        Iterations, new SecureRandom(), PrivateKeyFactory.CreateKey(_privateKey)).GetDerEncoded();

    // BouncyCastle makes a byte of each character: given the bytes of UTF-8 it agrees with OpenSSL and .NET.
    private static char[] Utf8(string password) => Array.ConvertAll(System.Text.Encoding.UTF8.GetBytes(password), one => (char)one);

    private byte[] RsaPfx(string password)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(_privateKey, out _);
        using var certificate = X509CertificateLoader.LoadCertificate(_certificate);
        using var both = certificate.CopyWithPrivateKey(key);
        return both.ExportPkcs12(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations), password);
    }

    // .NET knows no SM2 key.
    private byte[] Sm2Pfx(string password)
    {
        var store = new Pkcs12StoreBuilder()
            .SetCertAlgorithm(PkcsObjectIdentifiers.PbeWithShaAnd3KeyTripleDesCbc)
            .SetKeyAlgorithm(PkcsObjectIdentifiers.PbeWithShaAnd3KeyTripleDesCbc)
            .SetUseDerEncoding(true)
            .Build();
        var certificate = new X509CertificateEntry(new X509CertificateParser().ReadCertificate(_certificate));
        store.SetKeyEntry(CertNo, new AsymmetricKeyEntry(PrivateKeyFactory.CreateKey(_privateKey)), [certificate]);
        using var pfx = new MemoryStream();
        store.Save(pfx, password.ToCharArray(), new SecureRandom());
        return pfx.ToArray();
    }

    private static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.Delete(path); // rights are given when a file is made
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(bytes);
    }
}
