using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Erp.Customs.Tests.Signing;

/// <summary>Every shape in which firms keep a key, made without openssl.</summary>
public sealed class When_a_key_file_is_opened : IDisposable
{
    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_read_pkcs8_in_the_clear(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], password: null);

        await SignsAsync(kind, _folder["key.pem"], password: null);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_read_pkcs8_encrypted(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], KeyFolder.Password);

        await SignsAsync(kind, _folder["key.pem"]);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_read_pfx(CardKind kind)
    {
        TestCards.Of(kind).WritePfx(_folder["key.p12"], KeyFolder.Password);

        await SignsAsync(kind, _folder["key.p12"]);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_read_the_old_ciphers_of_windows_exports(CardKind kind)
    {
        var store = new Pkcs12StoreBuilder()
            .SetKeyAlgorithm(PkcsObjectIdentifiers.PbeWithShaAnd3KeyTripleDesCbc)
            .SetCertAlgorithm(PkcsObjectIdentifiers.PbewithShaAnd40BitRC2Cbc)
            .Build();
        var certificate = new X509CertificateParser().ReadCertificate(TestCards.Of(kind).Certificate.ToArray());
        store.SetKeyEntry("card", new AsymmetricKeyEntry(Key(kind)), [new X509CertificateEntry(certificate)]);
        using var pfx = new MemoryStream();
        store.Save(pfx, KeyFolder.Password.ToCharArray(), new SecureRandom());

        await SignsAsync(kind, _folder.Write("key.pfx", pfx.ToArray()));
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, "RSA PRIVATE KEY")]
    [InlineData(CardKind.Sm2, "EC PRIVATE KEY")]
    public async Task Should_read_the_key_types_own_format(CardKind kind, string label)
    {
        var own = OwnFormat(kind);
        Assert.StartsWith($"-----BEGIN {label}-----", own, StringComparison.Ordinal);

        await SignsAsync(kind, _folder.Write("key.pem", own, TestCards.Of(kind).CertificatePem), password: null);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_read_openssls_old_encryption(CardKind kind)
    {
        var pem = new StringWriter();
        new PemWriter(pem).WriteObject(Key(kind), "AES-256-CBC", KeyFolder.Password.ToCharArray(), new SecureRandom());
        Assert.Contains("Proc-Type: 4,ENCRYPTED", pem.ToString(), StringComparison.Ordinal);

        await SignsAsync(kind, _folder.Write("key.pem", pem.ToString(), TestCards.Of(kind).CertificatePem));
    }

    [Fact]
    public async Task Should_read_what_openssl_3_calls_an_sm2_private_key()
    {
        var own = OwnFormat(CardKind.Sm2).Replace(" EC PRIVATE KEY", " SM2 PRIVATE KEY", StringComparison.Ordinal);

        await SignsAsync(CardKind.Sm2, _folder.Write("key.pem", own, TestCards.Sm2.CertificatePem), password: null);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_take_the_certificate_from_its_own_file(CardKind kind)
    {
        var card = TestCards.Of(kind);
        var key = _folder.Write("key.pem", card.PrivateKeyPem());

        await SignsAsync(kind, key, password: null, _folder.Write("card.pem", card.CertificatePem));
        await SignsAsync(kind, key, password: null, _folder.Write("card.cer", card.Certificate.ToArray()));
    }

    [Fact]
    public async Task Should_prefer_the_certificate_file_to_the_key_files_own()
    {
        var renewed = SameKeyOtherSerial();
        TestCards.Rsa.WriteKey(_folder["key.pem"], KeyFolder.Password);

        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password, _folder.Write("renewed.cer", renewed));

        Assert.Equal("01777777", (await signer.CertificateAsync(CancellationToken.None)).CertNo);
    }

    [Fact]
    public async Task Should_find_the_keys_certificate_among_others()
    {
        var card = TestCards.Sm2;
        var chain = new[] { TestCards.Rsa.CertificatePem, TestCards.Issue(CardKind.Sm2).CertificatePem, card.CertificatePem, TestCards.Issue(CardKind.Sm2).CertificatePem };

        await SignsAsync(CardKind.Sm2, _folder.Write("key.pem", [.. chain, card.PrivateKeyPem()]), password: null);
    }

    [Fact]
    public async Task Should_skip_remarks_other_blocks_and_a_byte_order_mark()
    {
        var card = TestCards.Rsa;
        var text = string.Join(
            "\r\n",
            "Bag Attributes", "    friendlyName: 宁波海淘", "-----BEGIN EC PARAMETERS-----", "BggqgRzPVQGCLQ==", "-----END EC PARAMETERS-----",
            card.PrivateKeyPem().ReplaceLineEndings("\r\n"), "subject=CN = 宁波", card.CertificatePem.ReplaceLineEndings("\r\n"), "");

        await SignsAsync(CardKind.Rsa1024, _folder.Write("utf8.pem", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]), password: null);
        await SignsAsync(CardKind.Rsa1024, _folder.Write("utf16.pem", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)]), password: null);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_warn_once_of_a_key_in_the_clear(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], password: null);

        await using var signer = _folder.Open(_folder["key.pem"]);
        await signer.SignAsync(TestCards.Request, CancellationToken.None);

        Assert.Contains("Customs:Merchants:ningbo:Signing:KeyFile", Assert.Single(signer.Warnings), StringComparison.Ordinal);
        var line = Assert.Single(_folder.Log.Lines);
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        Assert.Contains("ningbo", line, StringComparison.Ordinal);
        Assert.Contains("unencrypted", line, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder["key.pem"], line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_take_a_useless_password_for_protection()
    {
        TestCards.Rsa.WriteKey(_folder["key.pem"], password: null);
        TestCards.Rsa.WritePfx(_folder["key.pfx"], password: "");

        await using var pem = _folder.Open(_folder["key.pem"], KeyFolder.Password);
        await using var pfx = _folder.Open(_folder["key.pfx"], password: "");

        Assert.Single(pem.Warnings);
        Assert.Single(pfx.Warnings);
    }

    [Fact]
    public async Task Should_say_nothing_of_an_encrypted_key_that_only_its_owner_may_read()
    {
        TestCards.Sm2.WriteKey(_folder["key.pem"], KeyFolder.Password);
        TestCards.Sm2.WritePfx(_folder["key.pfx"], KeyFolder.Password);

        await using var pem = _folder.Open(_folder["key.pem"], KeyFolder.Password);
        await using var pfx = _folder.Open(_folder["key.pfx"], KeyFolder.Password);

        Assert.Empty(pem.Warnings);
        Assert.Empty(pfx.Warnings);
        Assert.Empty(_folder.Log.Lines);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Should_warn_of_a_key_that_every_account_may_read()
    {
        TestCards.Sm2.WriteKey(_folder["key.pem"], KeyFolder.Password);
        File.SetUnixFileMode(_folder["key.pem"], UnixFileMode.UserRead | UnixFileMode.OtherRead);

        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password);

        Assert.Contains("every account", Assert.Single(signer.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, "RSA-SHA1", true)]
    [InlineData(CardKind.Sm2, "SM2-SM3", false)]
    public async Task Should_sign_the_same_text_alike_only_with_rsa(CardKind kind, string scheme, bool alike)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], KeyFolder.Password);
        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password);

        var first = await signer.SignAsync(TestCards.Request, CancellationToken.None);
        var second = await signer.SignAsync(TestCards.Request, CancellationToken.None);

        Assert.Equal(alike, first.SignValue == second.SignValue);
        Assert.Equal(scheme, (await signer.CertificateAsync(CancellationToken.None)).Scheme);
        Assert.Equal(kind is CardKind.Rsa1024 ? 172 : 88, first.SignValue.Length);
    }

    [Fact]
    public async Task Should_decide_the_scheme_by_the_key_and_not_by_the_number()
    {
        var sm2 = TestCards.Issue(CardKind.Sm2, "0101000000000001");
        sm2.WriteKey(_folder["key.pem"], KeyFolder.Password);

        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password);

        var certificate = await signer.CertificateAsync(CancellationToken.None);
        Assert.Equal(("0101000000000001", "SM2-SM3"), (certificate.CertNo, certificate.Scheme));
    }

    private async Task SignsAsync(CardKind kind, string keyFile, string? password = KeyFolder.Password, string? certificateFile = null)
    {
        await using var signer = _folder.Open(keyFile, password, certificateFile);
        var signature = await signer.SignAsync(TestCards.Request, CancellationToken.None);

        Assert.Equal(TestCards.Of(kind).CertNo, signature.CertNo);
        Assert.Equal(TestCards.Of(kind).Certificate.ToArray(), signature.Certificate);
        Assert.True(SignatureCheck.Verify(TestCards.TextOf(signature), signature, _folder.Time.GetUtcNow()).Ok);
    }

    private static AsymmetricKeyParameter Key(CardKind kind) => PrivateKeyFactory.CreateKey(TestCards.Of(kind).PrivateKey.ToArray());

    private static string OwnFormat(CardKind kind)
    {
        var pem = new StringWriter();
        new PemWriter(pem).WriteObject(Key(kind));
        return pem.ToString();
    }

    private static byte[] SameKeyOtherSerial()
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(TestCards.Rsa.PrivateKey.Span, out _);
        using var certificate = TestCards.SelfSigned(key, [0x01, 0x77, 0x77, 0x77]);
        return certificate.RawData;
    }
}
