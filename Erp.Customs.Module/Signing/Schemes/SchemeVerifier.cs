using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Module.Signing.Schemes;

/// <summary>
/// Verifies signatures of one public key. All of it is BouncyCastle: SM2 is not in the platform, and where the system's policy bans SHA-1 the platform
/// would call every good RSA signature bad. That it is another implementation than the one that signs RSA makes the check worth more. Safe for many threads.
/// </summary>
internal abstract class SchemeVerifier
{
    /// <summary>See <see cref="SignatureScheme"/>.</summary>
    public abstract string Scheme { get; }

    /// <summary>How many bytes a signature of this key has.</summary>
    public abstract int SignatureLength { get; }

    /// <summary>Whether this key signed these bytes. A signature of another shape is a wrong one.</summary>
    public abstract bool Verify(byte[] message, byte[] signature);

    /// <summary>The verifier for a bare public key.</summary>
    /// <param name="subjectPublicKeyInfo">DER, as in a certificate and between the lines of a <c>PUBLIC KEY</c> file.</param>
    /// <returns><see langword="null"/> when it is neither RSA nor SM2, or no key at all.</returns>
    public static SchemeVerifier? Find(byte[] subjectPublicKeyInfo)
    {
        try
        {
            return PublicKeyFactory.CreateKey(subjectPublicKeyInfo) switch
            {
                RsaKeyParameters rsa => new RsaSha1Verifier(rsa),
                ECPublicKeyParameters ec when Sm2Sm3.IsSm2(ec) => new Sm2Sm3Verifier(ec),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser has no exception type of its own: a damaged key surfaces as whatever it stumbles over.
            return null;
        }
    }
}
