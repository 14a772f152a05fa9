using System.Security.Cryptography;
using Erp.Customs.Module.Signing.Schemes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Tests.Signing;

/// <summary>RHEL 9 and its family refuse to sign with SHA-1; customs' RSA cards know nothing else.</summary>
public sealed class When_the_platform_bans_SHA_1
{
    private static readonly byte[] Message = "加签原文"u8.ToArray();

    private static RsaPrivateCrtKeyParameters Key => (RsaPrivateCrtKeyParameters)PrivateKeyFactory.CreateKey(TestCards.Rsa.PrivateKey.ToArray());

    [Fact]
    public void Should_sign_the_very_same_without_it()
    {
        using var banned = RsaSha1.Open(Key, parameters => new BannedRsa(parameters, signature: null));
        using var allowed = RsaSha1.Open(Key);

        Assert.IsType<ManagedRsaSha1Signer>(banned);
        Assert.IsType<PlatformRsaSha1Signer>(allowed);
        Assert.Equal("RSA-SHA1", banned.Scheme);
        Assert.Equal(allowed.Sign(Message), banned.Sign(Message));
    }

    [Fact]
    public void Should_not_trust_a_platform_that_signs_wrongly()
    {
        using var signer = RsaSha1.Open(Key, parameters => new BannedRsa(parameters, signature: new byte[128]));

        Assert.IsType<ManagedRsaSha1Signer>(signer);
    }

    [Fact]
    public void Should_do_without_a_platform_that_cannot_open_the_key()
    {
        using var signer = RsaSha1.Open(Key, _ => throw new PlatformNotSupportedException());

        Assert.IsType<ManagedRsaSha1Signer>(signer);
    }

    private sealed class BannedRsa(RSAParameters parameters, byte[]? signature) : RSA
    {
        public override RSAParameters ExportParameters(bool includePrivateParameters) => parameters;

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
            signature ?? throw new CryptographicException("error:03000098:digital envelope routines::invalid digest");

        protected override byte[] HashData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm) => new byte[20];
    }
}
