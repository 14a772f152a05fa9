using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Simulator.Judging;

/// <summary>A public key as customs have registered it; its kind decides the scheme (RSA PKCS#1 v1.5 with SHA-1, or SM2 with SM3).</summary>
internal sealed class RegisteredKey
{
    /// <summary>The user id that goes into every SM2 signature of customs' cards.</summary>
    internal static readonly byte[] Sm2UserId = "1234567812345678"u8.ToArray();

    private readonly AsymmetricKeyParameter _key;

    private RegisteredKey(AsymmetricKeyParameter key) => _key = key;

    /// <summary>RSA-SHA1 or SM2-SM3.</summary>
    public string Scheme => _key is RsaKeyParameters ? "RSA-SHA1" : "SM2-SM3";

    /// <summary>Reads a key.</summary>
    /// <param name="subjectPublicKeyInfo">DER.</param>
    /// <exception cref="ArgumentException">It is neither RSA nor SM2.</exception>
    public static RegisteredKey Read(byte[] subjectPublicKeyInfo)
    {
        var key = PublicKeyFactory.CreateKey(subjectPublicKeyInfo);
        return key is RsaKeyParameters || IsSm2(key)
            ? new RegisteredKey(key)
            : throw new ArgumentException("The public key is neither RSA nor SM2 (curve sm2p256v1).", nameof(subjectPublicKeyInfo));
    }

    /// <summary>Verifies a signature.</summary>
    /// <param name="text">The signed bytes.</param>
    /// <param name="signValue">Base64 without blanks or line breaks: of the RSA signature, or of SM2's r||s, 64 bytes.</param>
    public bool Verify(byte[] text, string signValue)
    {
        var signature = new byte[signValue.Length];
        if (!Convert.TryFromBase64String(signValue, signature, out var length)
            || !string.Equals(Convert.ToBase64String(signature, 0, length), signValue, StringComparison.Ordinal))
        {
            return false;
        }

        // BouncyCastle for both: a platform may forbid SHA-1.
        ISigner signer;
        if (_key is RsaKeyParameters)
        {
            signer = new RsaDigestSigner(new Sha1Digest());
            signer.Init(forSigning: false, _key);
        }
        else
        {
            signer = new SM2Signer(PlainDsaEncoding.Instance, new SM3Digest());
            signer.Init(forSigning: false, new ParametersWithID(_key, Sm2UserId));
        }

        signer.BlockUpdate(text, 0, text.Length);
        return signer.VerifySignature(signature[..length]);
    }

    private static bool IsSm2(AsymmetricKeyParameter key) =>
        key is ECPublicKeyParameters { Parameters: var domain } && domain.Equals(Sm2Curve.Domain);
}
