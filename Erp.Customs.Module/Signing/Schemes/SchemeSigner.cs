using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace Erp.Customs.Module.Signing.Schemes;

/// <summary>Signs with one private key that this process holds. Safe for many threads.</summary>
internal abstract class SchemeSigner : IDisposable
{
    /// <summary>See <see cref="SignatureScheme"/>.</summary>
    public abstract string Scheme { get; }

    /// <summary>Signs these bytes.</summary>
    public abstract byte[] Sign(byte[] message);

    /// <inheritdoc />
    public virtual void Dispose() { }

    /// <summary>The signer for a private key.</summary>
    /// <returns><see langword="null"/> when it is neither RSA nor SM2.</returns>
    public static SchemeSigner? Find(AsymmetricKeyParameter privateKey) => privateKey switch
    {
        RsaPrivateCrtKeyParameters rsa => RsaSha1.Open(rsa),
        ECPrivateKeyParameters ec when Sm2Sm3.IsSm2(ec) => new Sm2Sm3Signer(ec),
        _ => null,
    };
}
