using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Schemes;
using Erp.Customs.Simulator;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Tests.Signing;

/// <summary>The local check, with signatures made here.</summary>
public sealed class When_a_signature_is_checked
{
    private const string Text = "\"sessionID\":\"中文\"";
    private static readonly DateTimeOffset Now = new Support.ManualTime().GetUtcNow();

    [Theory]
    [InlineData(CardKind.Rsa1024, "RSA-SHA1", 172)]
    [InlineData(CardKind.Sm2, "SM2-SM3", 88)]
    public void Should_accept_a_right_one(CardKind kind, string scheme, int characters)
    {
        var signature = Sign(kind);

        Assert.Equal(characters, signature.SignValue.Length);
        Assert.Equal(new SignatureCheckResult(true, scheme, ""), SignatureCheck.Verify(Text, signature, Now));
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_refuse_another_text(CardKind kind) => Refuses(Sign(kind), "signValue 与加签原文不符", text: Text + "\n");

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_refuse_the_signature_of_another_card(CardKind kind)
    {
        var other = TestCards.Issue(kind, TestCards.Of(kind).CertNo);

        Refuses(Sign(kind) with { Certificate = other.Certificate.ToArray() }, "signValue 与加签原文不符");
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, "1691f7f")]
    [InlineData(CardKind.Rsa1024, "01691F7F")]
    [InlineData(CardKind.Rsa1024, "0001691f7f")]
    [InlineData(CardKind.Rsa1024, "")]
    [InlineData(CardKind.Sm2, "3000000000cde6f")]
    public void Should_refuse_any_other_certNo(CardKind kind, string certNo) => Refuses(Sign(kind) with { CertNo = certNo }, "certNo 与签名证书序列号");

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_refuse_a_signature_of_another_shape(CardKind kind)
    {
        var right = Sign(kind);
        var bytes = Convert.FromBase64String(right.SignValue);
        string[] shapes =
        [
            "", "签名", "====", right.SignValue + "\n", right.SignValue.Insert(64, "\r\n"), right.SignValue.TrimEnd('='), right.SignValue + "AAAA",
            Convert.ToBase64String(bytes[1..]), Convert.ToBase64String([0, .. bytes]), Convert.ToHexString(bytes), StrayBits(right.SignValue),
        ];
        foreach (var shape in shapes)
        {
            Refuses(right with { SignValue = shape }, "字节的 Base64");
        }
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, 0xff)]
    [InlineData(CardKind.Rsa1024, 0x00)]
    [InlineData(CardKind.Sm2, 0xff)]
    [InlineData(CardKind.Sm2, 0x00)]
    public void Should_refuse_numbers_that_no_signature_can_be(CardKind kind, byte value)
    {
        var right = Sign(kind);
        var bytes = Convert.FromBase64String(right.SignValue);
        Array.Fill(bytes, value);

        Refuses(right with { SignValue = Convert.ToBase64String(bytes) }, "signValue 与加签原文不符");
    }

    [Fact]
    public void Should_refuse_a_certificate_outside_its_term()
    {
        var signature = Sign(CardKind.Sm2);

        Refuses(signature, "过期", now: Now.AddYears(4));
        Refuses(signature, "起才有效", now: Now.AddDays(-2));
        Assert.True(SignatureCheck.Verify(Text, signature, Now.AddDays(-1)).Ok);
    }

    [Fact]
    public void Should_refuse_what_is_no_certificate()
    {
        var right = Sign(CardKind.Rsa1024);
        byte[][] others = [[], [0x30], [0x30, 0x80, 0, 0], right.Certificate[..^1], [.. right.Certificate, 0], Encoding.ASCII.GetBytes(TestCards.Rsa.CertificatePem)];
        foreach (var other in others)
        {
            var check = SignatureCheck.Verify(Text, right with { Certificate = other }, Now);
            Assert.Equal((false, ""), (check.Ok, check.Scheme));
            Assert.Contains("签名证书无法读取", check.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Should_refuse_a_key_that_customs_do_not_know()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = TestCards.SelfSigned(key, [1, 2, 3, 4]);
        var signature = new Signature(1, "01020304", Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(Text), HashAlgorithmName.SHA256)), certificate.RawData);

        Refuses(signature, "既不是 RSA 也不是 SM2");
    }

    [Fact]
    public void Should_refuse_a_text_that_has_no_bytes() => Refuses(Sign(CardKind.Rsa1024), "代理字符", text: "\ud800");

    [Fact]
    public void Should_remember_certificates_without_mixing_them_up()
    {
        using var key = RSA.Create(1024);
        for (var number = 0; number < 200; number++)
        {
            byte[] serial = [1, 0, (byte)(number >> 8), (byte)number];
            using var certificate = TestCards.SelfSigned(key, serial);
            var value = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(Text), HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
            var signature = new Signature(1, Convert.ToHexStringLower(serial), value, certificate.RawData);

            Assert.True(SignatureCheck.Verify(Text, signature, Now).Ok);
            Refuses(signature with { CertNo = "01ffffff" }, "certNo");
        }
    }

    [Fact]
    public void Should_find_no_verifier_in_what_is_no_key()
    {
        Assert.Null(SchemeVerifier.Find([]));
        Assert.Null(SchemeVerifier.Find([0x30, 0x03, 0x02, 0x01, 0x05]));
        Assert.Null(SchemeVerifier.Find(TestCards.Rsa.Certificate.ToArray()));
    }

    private static void Refuses(Signature signature, string because, string text = Text, DateTimeOffset? now = null)
    {
        var check = SignatureCheck.Verify(text, signature, now ?? Now);
        Assert.False(check.Ok);
        Assert.Contains(because, check.Sentence, StringComparison.Ordinal);
    }

    private static Signature Sign(CardKind kind)
    {
        var card = TestCards.Of(kind);
        using var signer = SchemeSigner.Find(PrivateKeyFactory.CreateKey(card.PrivateKey.ToArray()))!;
        return new Signature(1_794_362_400_000, card.CertNo, Convert.ToBase64String(signer.Sign(Encoding.UTF8.GetBytes(Text))), card.Certificate.ToArray());
    }

    /// <summary>The same bytes with a last character that has bits of no meaning.</summary>
    private static string StrayBits(string base64)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var at = base64.TrimEnd('=').Length - 1;
        return base64[..at] + alphabet[alphabet.IndexOf(base64[at], StringComparison.Ordinal) + 1] + base64[(at + 1)..];
    }
}
