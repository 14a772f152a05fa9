using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Module.Signing.Schemes;

/// <summary>RSA PKCS#1 v1.5 with SHA-1: chooses between the platform's implementation, which is ten times as fast, and BouncyCastle's.</summary>
internal static class RsaSha1
{
    private static readonly byte[] Trial = "Erp.Customs: can this platform sign with SHA-1?"u8.ToArray();

    /// <summary>The platform's signer where a trial signature succeeds; BouncyCastle's where the system's policy bans SHA-1 (RHEL 9 and its family) or the key's size.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="platform">Opens the platform's key; the default is <see cref="RSA.Create(RSAParameters)"/>.</param>
    public static SchemeSigner Open(RsaPrivateCrtKeyParameters key, Func<RSAParameters, RSA>? platform = null)
    {
        var parameters = DotNetUtilities.ToRSAParameters(key);
        var signer = new PlatformRsaSha1Signer(() => (platform ?? RSA.Create)(parameters));
        try
        {
            var verifier = new RsaSha1Verifier(new RsaKeyParameters(isPrivate: false, key.Modulus, key.PublicExponent));
            if (verifier.Verify(Trial, signer.Sign(Trial)))
            {
                return signer;
            }
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // Refused by policy: that is the answer to the trial.
        }

        signer.Dispose();
        return new ManagedRsaSha1Signer(key);
    }
}

/// <summary>Verifies RSA-SHA1.</summary>
internal sealed class RsaSha1Verifier(RsaKeyParameters key) : SchemeVerifier
{
    /// <inheritdoc />
    public override string Scheme => SignatureScheme.RsaSha1;

    /// <inheritdoc />
    public override int SignatureLength { get; } = (key.Modulus.BitLength + 7) / 8;

    /// <inheritdoc />
    public override bool Verify(byte[] message, byte[] signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        var verifier = new RsaDigestSigner(new Sha1Digest());
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(message, 0, message.Length);
        return verifier.VerifySignature(signature);
    }
}

/// <summary>Signs RSA-SHA1 with the platform. Its keys are not promised to be safe for several threads, so each call borrows one.</summary>
internal sealed class PlatformRsaSha1Signer(Func<RSA> open) : SchemeSigner
{
    private readonly ObjectPool<RSA> _keys = new DefaultObjectPoolProvider().Create(new KeyPolicy(open));

    /// <inheritdoc />
    public override string Scheme => SignatureScheme.RsaSha1;

    /// <inheritdoc />
    public override byte[] Sign(byte[] message)
    {
        var key = _keys.Get();
        try
        {
            return key.SignData(message, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _keys.Return(key);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        ((IDisposable)_keys).Dispose();
    }

    private sealed class KeyPolicy(Func<RSA> open) : IPooledObjectPolicy<RSA>
    {
        public RSA Create() => open();

        public bool Return(RSA obj) => true;
    }
}

/// <summary>Signs RSA-SHA1 without the platform.</summary>
internal sealed class ManagedRsaSha1Signer(RsaPrivateCrtKeyParameters key) : SchemeSigner
{
    /// <inheritdoc />
    public override string Scheme => SignatureScheme.RsaSha1;

    /// <inheritdoc />
    public override byte[] Sign(byte[] message)
    {
        var signer = new RsaDigestSigner(new Sha1Digest());
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    }
}
