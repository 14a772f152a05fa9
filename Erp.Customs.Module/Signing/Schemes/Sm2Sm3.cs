using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Module.Signing.Schemes;

/// <summary>国密 SM2 with SM3: what signing and verifying have in common.</summary>
internal static class Sm2Sm3
{
    /// <summary>r and s, 32 bytes each.</summary>
    public const int SignatureLength = 64;

    /// <summary>The user id of GM/T 0009, also used by customs' cards; it goes into the digest, so it is always set and never left to a default.</summary>
    private static readonly byte[] UserId = "1234567812345678"u8.ToArray();

    /// <summary>The system's random numbers; safe for many threads.</summary>
    private static readonly SecureRandom Random = new(new CryptoApiRandomGenerator());

    /// <summary>Whether a key is on the curve sm2p256v1, by its name (1.2.156.10197.1.301).</summary>
    public static bool IsSm2(ECKeyParameters key) => GMObjectIdentifiers.sm2p256v1.Equals(key.PublicKeyParamSet);

    /// <summary>An engine that has read the message.</summary>
    public static SM2Signer Engine(ECKeyParameters key, byte[] message)
    {
        var engine = new SM2Signer(PlainDsaEncoding.Instance, new SM3Digest());
        ICipherParameters parameters = key.IsPrivate ? new ParametersWithRandom(key, Random) : key;
        engine.Init(key.IsPrivate, new ParametersWithID(parameters, UserId));
        engine.BlockUpdate(message, 0, message.Length);
        return engine;
    }
}

/// <summary>Verifies SM2-SM3.</summary>
internal sealed class Sm2Sm3Verifier(ECPublicKeyParameters key) : SchemeVerifier
{
    /// <inheritdoc />
    public override string Scheme => SignatureScheme.Sm2Sm3;

    /// <inheritdoc />
    public override int SignatureLength => Sm2Sm3.SignatureLength;

    /// <inheritdoc />
    public override bool Verify(byte[] message, byte[] signature) =>
        signature.Length == SignatureLength && Sm2Sm3.Engine(key, message).VerifySignature(signature);
}

/// <summary>Signs SM2-SM3.</summary>
internal sealed class Sm2Sm3Signer(ECPrivateKeyParameters key) : SchemeSigner
{
    /// <inheritdoc />
    public override string Scheme => SignatureScheme.Sm2Sm3;

    /// <inheritdoc />
    public override byte[] Sign(byte[] message) => Sm2Sm3.Engine(key, message).GenerateSignature();
}
