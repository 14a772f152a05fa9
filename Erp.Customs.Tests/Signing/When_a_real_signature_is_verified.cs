using System.Security.Cryptography;
using Erp.Customs.Module.Signing.Schemes;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>Signatures of real cards, with their bare public keys.</summary>
public sealed class When_a_real_signature_is_verified
{
    private const string Rsa = "pub-01691f7f-rsa1024.pem";
    private const string Sm2 = "pub-03000000000cde6f-sm2.pem";

    [VectorsFact]
    public void Should_accept_rsa_over_a_customs_message() => Accepts("rsa-xml-ceb311", Rsa, "RSA-SHA1");

    [VectorsFact]
    public void Should_accept_sm2_over_a_whole_sign_text() => Accepts("sm2-179-testcontroller", Sm2, "SM2-SM3");

    [VectorsFact]
    public void Should_accept_sm2_byte_for_byte()
    {
        Accepts("sm2-xml-trailing-newline", Sm2, "SM2-SM3");

        var (message, signature) = Read("sm2-xml-trailing-newline");
        Assert.Equal((byte)'\n', message[^1]);
        Assert.False(Verifier(Sm2).Verify(message[..^1], signature));
    }

    private static void Accepts(string name, string key, string scheme)
    {
        var verifier = Verifier(key);
        var (message, signature) = Read(name);

        Assert.Equal(scheme, verifier.Scheme);
        Assert.Equal(signature.Length, verifier.SignatureLength);
        Assert.True(verifier.Verify(message, signature));
        Assert.False(verifier.Verify(WithOtherBit(message), signature));
        Assert.False(verifier.Verify(message, WithOtherBit(signature)));
        Assert.False(verifier.Verify(message, signature[..^1]));
        Assert.False(verifier.Verify(message, [.. signature, 0]));
    }

    private static byte[] WithOtherBit(byte[] bytes)
    {
        var changed = bytes.ToArray();
        changed[changed.Length / 2] ^= 1;
        return changed;
    }

    private static (byte[] Message, byte[] Signature) Read(string name) =>
        (File.ReadAllBytes(PathOf(name + ".txt")), Convert.FromBase64String(File.ReadAllText(PathOf(name + ".sig.b64"))));

    private static SchemeVerifier Verifier(string key)
    {
        var pem = File.ReadAllText(PathOf(key));
        var fields = PemEncoding.Find(pem);
        return SchemeVerifier.Find(Convert.FromBase64String(pem[fields.Base64Data]))!;
    }

    private static string PathOf(string name) => Path.Combine(VectorsFactAttribute.Folder!, name);
}
