using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Module.Signing;

/// <summary>本地验签: verification of a signature with its certificate, before it is used. Customs' 10000 does not prove that anybody looked.</summary>
internal static class SignatureCheck
{
    /// <summary>How many certificates are remembered, so that not every check parses one. The default value is 64: merchants have one each.</summary>
    private const int Remembered = 64;

    private static readonly ConcurrentDictionary<string, SigningCertificate> Certificates = new(StringComparer.Ordinal);

    /// <summary>Verifies; any unusable input is a failed check with its reason, never an exception.</summary>
    /// <param name="signText">See <see cref="SignText"/>.</param>
    /// <param name="signature">What the signer answered.</param>
    /// <param name="now">For the certificate's validity.</param>
    public static SignatureCheckResult Verify(string signText, Signature signature, DateTimeOffset now)
    {
        if (Read(signature.Certificate) is not { } certificate)
        {
            return Failed("", "签名证书无法读取 (the certificate cannot be read)");
        }

        if (certificate.Verifier is not { } verifier)
        {
            return Failed("", "签名证书的公钥既不是 RSA 也不是 SM2 (the certificate's key is neither RSA nor SM2)");
        }

        if (signature.CertNo != certificate.CertNo)
        {
            return Failed(verifier.Scheme, $"certNo 与签名证书序列号 {certificate.CertNo} 不符，须为小写十六进制并保留前导零 (certNo is not the certificate's serial number)");
        }

        if (!certificate.IsValidAt(now))
        {
            var (zh, en) = certificate.OutOfTerm(now);
            return Failed(verifier.Scheme, $"{zh} ({en})");
        }

        if (Decode(signature.SignValue) is not { } bytes || bytes.Length != verifier.SignatureLength)
        {
            return Failed(
                verifier.Scheme,
                $"signValue 须为 {verifier.SignatureLength} 字节的 Base64，不含空白 (signValue is not Base64 of {verifier.SignatureLength} bytes)");
        }

        try
        {
            return verifier.Verify(SignText.Encode(signText), bytes)
                ? new SignatureCheckResult(true, verifier.Scheme, "")
                : Failed(verifier.Scheme, "signValue 与加签原文不符 (the signature does not belong to this text and certificate)");
        }
        catch (EncoderFallbackException)
        {
            return Failed(verifier.Scheme, "加签原文含有不成对的代理字符 (the text holds a lone surrogate)");
        }
    }

    private static SigningCertificate? Read(byte[] der)
    {
        var key = Convert.ToHexString(SHA256.HashData(der));
        if (Certificates.TryGetValue(key, out var known))
        {
            return known;
        }

        try
        {
            var certificate = SigningCertificate.Read([.. der]);
            if (Certificates.Count >= Remembered)
            {
                Certificates.Clear();
            }

            Certificates[key] = certificate;
            return certificate;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Only the one way to write these bytes counts: no line breaks, no blanks, no stray bits in the last character.</summary>
    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == base64 ? bytes[..length] : null;
    }

    private static SignatureCheckResult Failed(string scheme, string sentence) => new(false, scheme, sentence);
}

/// <summary>How a signature check came out.</summary>
/// <param name="Ok">Whether the signature may be used.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3; empty when the certificate could not be read.</param>
/// <param name="Sentence">What is wrong, in Chinese with English in brackets; empty when nothing is.</param>
internal sealed record SignatureCheckResult(bool Ok, string Scheme, string Sentence);
