using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Erp.Customs.Simulator;

/// <summary>What a card signs with.</summary>
public enum CardKind
{
    /// <summary>RSA with 1024 bits, as the older cards have it; signs with SHA-1.</summary>
    Rsa1024,

    /// <summary>SM2 on sm2p256v1; signs with SM3.</summary>
    Sm2,
}

/// <summary>
/// Plays customs' certificate authority: keys with self-signed certificates, good for three years, whose serial numbers look like those of real cards
/// (RSA 8 hex digits such as 01691f7f, SM2 16 such as 03000000000cde6f).
/// </summary>
public sealed class CardIssuer(TimeProvider time)
{
    private const int ValidYears = 3;

    /// <summary>Issues a card.</summary>
    /// <param name="kind">What it signs with.</param>
    /// <param name="commonName">Whose it is, e.g. 宁波海淘.</param>
    /// <param name="certNo">证书编号 in lower-case hex: 8 digits for RSA, 16 for SM2, below 80…; <see langword="null"/> to draw one.</param>
    /// <exception cref="ArgumentException">certNo is none of these.</exception>
    public IssuedCard Issue(CardKind kind, string commonName, string? certNo = null)
    {
        var digits = kind is CardKind.Rsa1024 ? 8 : 16;
        certNo ??= kind is CardKind.Rsa1024
            ? "01" + RandomNumberGenerator.GetHexString(6, lowercase: true)
            : "0300000000" + RandomNumberGenerator.GetHexString(6, lowercase: true);
        if (certNo.Length != digits || !certNo.All(char.IsAsciiHexDigitLower) || certNo[0] > '7' || certNo.StartsWith("00", StringComparison.Ordinal))
        {
            throw new ArgumentException($"certNo '{certNo}' is not {digits} digits of lower-case hex between 01… and 7f….", nameof(certNo));
        }

        var from = time.GetUtcNow().AddDays(-1);
        return kind is CardKind.Rsa1024 ? IssueRsa(commonName, certNo, from, from.AddYears(ValidYears)) : IssueSm2(commonName, certNo, from, from.AddYears(ValidYears));
    }

    private static IssuedCard IssueRsa(string commonName, string certNo, DateTimeOffset from, DateTimeOffset until)
    {
#pragma warning disable CA5385 // The cards have 1024 bits.
        using var key = RSA.Create(1024);
#pragma warning restore CA5385
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        name.AddOrganizationName(commonName);
        name.AddCountryOrRegion("CN");
        var subject = name.Build();
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true));
        using var certificate = request.Create(subject, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), from, until, Convert.FromHexString(certNo));
        return new IssuedCard(CardKind.Rsa1024, certNo, certificate.RawData, key.ExportPkcs8PrivateKey());
    }

    private static IssuedCard IssueSm2(string commonName, string certNo, DateTimeOffset from, DateTimeOffset until)
    {
        var random = new SecureRandom();
        var generator = new ECKeyPairGenerator("EC");
        generator.Init(new ECKeyGenerationParameters(GMObjectIdentifiers.sm2p256v1, random));
        var pair = generator.GenerateKeyPair();
        var subject = new X509Name(new[] { X509Name.C, X509Name.O, X509Name.CN }, new[] { "CN", commonName, commonName });
        var certificate = new X509V3CertificateGenerator();
        certificate.SetSerialNumber(new BigInteger(certNo, 16));
        certificate.SetIssuerDN(subject);
        certificate.SetSubjectDN(subject);
        certificate.SetNotBefore(from.UtcDateTime);
        certificate.SetNotAfter(until.UtcDateTime);
        certificate.SetPublicKey(pair.Public);
        certificate.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.DigitalSignature | KeyUsage.NonRepudiation));
        var signed = certificate.Generate(new Asn1SignatureFactory(GMObjectIdentifiers.sm2sign_with_sm3.Id, pair.Private, random));
        return new IssuedCard(CardKind.Sm2, certNo, signed.GetEncoded(), PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetDerEncoded());
    }
}
