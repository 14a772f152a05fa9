using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Signing;

/// <summary>Each mistake has one sentence that begins with the setting. <see cref="KeyFolder.Refusal"/> sees to it that the password is in none of them.</summary>
public sealed class When_a_key_file_is_wrong : IDisposable
{
    private const string KeyFile = "Customs:Merchants:ningbo:Signing:KeyFile ";
    private const string KeyPassword = "Customs:Merchants:ningbo:Signing:KeyPassword ";
    private const string CertificateFile = "Customs:Merchants:ningbo:Signing:CertificateFile ";

    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Should_say_that_it_does_not_exist()
    {
        Assert.Equal(KeyFile + "names a file that does not exist.", _folder.Refusal(_folder["none.pem"]));
        Assert.Equal(KeyFile + "names a file that does not exist.", _folder.Refusal(_folder["none/none.pem"]));
        Assert.Equal(
            KeyFile + $"names a file that does not exist (a relative path: it starts from {Environment.CurrentDirectory}).", _folder.Refusal("no-such-key.pem"));
    }

    [Fact]
    public void Should_not_print_a_password_that_stands_where_the_path_belongs() => _folder.Refusal(KeyFolder.Password, _folder["key.pem"]);

    [Fact]
    public void Should_say_that_it_is_a_directory() =>
        Assert.Equal(KeyFile + "names a directory, but it takes a file.", _folder.Refusal(Path.GetDirectoryName(_folder["key.pem"])!));

    [Fact]
    public void Should_say_that_it_cannot_be_read() => Assert.StartsWith(KeyFile + "names a file that cannot be read", _folder.Refusal("\0"), StringComparison.Ordinal);

    [Fact]
    public void Should_say_that_it_is_too_large() =>
        Assert.Equal(KeyFile + "names a file of more than 1048576 bytes, which no key or certificate has.", _folder.Refusal(_folder.Write("key.pem", new byte[1024 * 1024 + 1])));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIC")]
    [InlineData("0\u0003\u0002\u0001\u0005")]
    public void Should_say_that_it_is_neither_pfx_nor_pem(string content) =>
        Assert.Equal(KeyFile + "names a file that is neither PFX nor PEM.", _folder.Refusal(_folder.Write("key.pem", Encoding.Latin1.GetBytes(content)), KeyFolder.Password));

    [Fact]
    public void Should_say_that_of_any_random_bytes()
    {
        var random = new Random(179);
        for (var length = 1; length < 400; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            bytes[0] = 0x30;
            _folder.Refusal(_folder.Write("key.pfx", bytes), KeyFolder.Password);
        }
    }

    [Theory]
    [InlineData("PRIVATE KEY", "AAAA")]
    [InlineData("PRIVATE KEY", "not Base64 at all!")]
    [InlineData("RSA PRIVATE KEY", "MAMCAQU=")]
    [InlineData("DH PRIVATE KEY", "MAMCAQU=")]
    [InlineData("CERTIFICATE", "???")]
    public void Should_say_that_a_block_is_damaged(string label, string body) =>
        Assert.Equal(KeyFile + "names a PEM file that is damaged.", _folder.Refusal(_folder.Write("key.pem", $"-----BEGIN {label}-----\n{body}\n-----END {label}-----")));

    [Fact]
    public void Should_never_open_a_damaged_file_without_a_sentence()
    {
        TestCards.Sm2.WritePfx(_folder["right.pfx"], KeyFolder.Password);
        var right = File.ReadAllBytes(_folder["right.pfx"]);
        for (var at = 0; at < 60; at++)
        {
            var damaged = right.ToArray();
            damaged[at] ^= 0x5a;
            Assert.StartsWith("Customs:Merchants:ningbo:Signing:Key", _folder.Refusal(_folder.Write("key.pfx", damaged), KeyFolder.Password), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_say_that_the_password_is_missing(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], KeyFolder.Password);
        TestCards.Of(kind).WritePfx(_folder["key.pfx"], KeyFolder.Password);
        foreach (var file in new[] { "key.pem", "key.pfx" })
        {
            Assert.Equal(KeyPassword + "is missing: the key file is encrypted.", _folder.Refusal(_folder[file]));
            Assert.Equal(KeyPassword + "is missing: the key file is encrypted.", _folder.Refusal(_folder[file], password: ""));
        }
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_say_that_the_password_is_wrong(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], "another one");
        TestCards.Of(kind).WritePfx(_folder["key.pfx"], "another one");
        foreach (var file in new[] { "key.pem", "key.pfx" })
        {
            Assert.StartsWith(KeyPassword + "does not open the key file: the password is wrong", _folder.Refusal(_folder[file], KeyFolder.Password), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Should_say_that_there_is_no_key() =>
        Assert.Equal(KeyFile + "names a file without a private key.", _folder.Refusal(_folder.Write("key.pem", TestCards.Rsa.CertificatePem)));

    [Fact]
    public void Should_say_that_there_are_two_keys() =>
        Assert.Equal(
            KeyFile + "names a file with 2 private keys, but exactly one must sign.",
            _folder.Refusal(_folder.Write("key.pem", TestCards.Rsa.PrivateKeyPem(), TestCards.Sm2.PrivateKeyPem(), TestCards.Rsa.CertificatePem)));

    [Fact]
    public void Should_say_that_there_is_no_certificate() =>
        Assert.Equal(CertificateFile + "is missing: the key file holds no certificate.", _folder.Refusal(_folder.Write("key.pem", TestCards.Rsa.PrivateKeyPem())));

    [Theory]
    [InlineData(CardKind.Rsa1024, CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2, CardKind.Sm2)]
    [InlineData(CardKind.Rsa1024, CardKind.Sm2)]
    public void Should_say_that_key_and_certificate_are_no_pair(CardKind key, CardKind certificate)
    {
        var other = TestCards.Issue(certificate);
        var both = _folder.Write("key.pem", TestCards.Of(key).PrivateKeyPem(), other.CertificatePem);

        Assert.Equal(KeyFile + $"names a file whose certificate does not belong to the private key in {KeyFile.Trim()}.", _folder.Refusal(both));
        Assert.Equal(
            CertificateFile + $"names a file whose certificate does not belong to the private key in {KeyFile.Trim()}.",
            _folder.Refusal(both, certificateFile: _folder.Write("card.cer", other.Certificate.ToArray())));
    }

    [Fact]
    public void Should_say_that_customs_know_no_such_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = TestCards.SelfSigned(key, [1, 2, 3, 4]);

        Assert.Equal(
            KeyFile + "names a file whose key is neither RSA nor SM2 (curve sm2p256v1).",
            _folder.Refusal(_folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem())));
        Assert.Equal(
            CertificateFile + "names a file whose certificate has a key that is neither RSA nor SM2 (curve sm2p256v1).",
            _folder.Refusal(_folder.Write("key.pem", TestCards.Sm2.PrivateKeyPem()), certificateFile: _folder.Write("card.pem", certificate.ExportCertificatePem())));
    }

    [Fact]
    public void Should_say_what_is_wrong_with_the_certificate_file()
    {
        var key = _folder.Write("key.pem", TestCards.Rsa.PrivateKeyPem());

        Assert.Equal(CertificateFile + "names a file that does not exist.", _folder.Refusal(key, certificateFile: _folder["none.cer"]));
        Assert.Equal(CertificateFile + "names a PEM file without a certificate.", _folder.Refusal(key, certificateFile: key));
        Assert.Equal(
            CertificateFile + "names a PEM file that is damaged.",
            _folder.Refusal(key, certificateFile: _folder.Write("card.pem", "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----")));
        Assert.Equal(
            CertificateFile + "names a file whose certificate cannot be read: it takes an X.509 certificate, PEM or DER.",
            _folder.Refusal(key, certificateFile: _folder.Write("card.cer", "garbage")));
    }

    [UnixFact(withoutPrivileges: true)]
    [UnsupportedOSPlatform("windows")]
    public void Should_say_that_this_account_may_not_read_it()
    {
        TestCards.Rsa.WriteKey(_folder["key.pem"], KeyFolder.Password);
        File.SetUnixFileMode(_folder["key.pem"], UnixFileMode.None);

        Assert.Equal(KeyFile + "names a file that this account may not read.", _folder.Refusal(_folder["key.pem"], KeyFolder.Password));
    }

    [Fact]
    public void Should_tell_a_file_of_broken_blocks_quickly() =>
        Assert.Equal(
            KeyFile + "names a file that is neither PFX nor PEM.",
            _folder.Refusal(_folder.Write("key.pem", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("-----BEGIN PRIVATE KEY-----\n", 37_000))))));

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_refuse_to_sign_outside_the_certificates_term(CardKind kind)
    {
        TestCards.Of(kind).WriteKey(_folder["key.pem"], KeyFolder.Password);
        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password);
        var certNo = TestCards.Of(kind).CertNo;

        Assert.Empty(signer.Warnings);
        _folder.Time.Advance(TimeSpan.FromDays(3 * 366));
        await RefusesToSignAsync(signer, $"the certificate {certNo} expired at 2029-11-10 02:00:00 UTC", $"签名证书 {certNo} 已于 2029-11-10 02:00:00 UTC 过期");

        await using var early = KeyFileSigner.Load(
            KeyFolder.Merchant(_folder["key.pem"], KeyFolder.Password, certificateFile: _folder.Write("card.pem", TestCards.Of(kind).CertificatePem)),
            new Support.ManualTime(new DateTimeOffset(2026, 11, 10, 1, 59, 59, TimeSpan.Zero)),
            _folder.Log);
        await RefusesToSignAsync(
            early, $"the certificate {certNo} is not valid before 2026-11-10 02:00:00 UTC", $"签名证书 {certNo} 自 2026-11-10 02:00:00 UTC 起才有效", CertificateFile.Trim());
    }

    [Fact]
    public async Task Should_refuse_a_text_that_has_no_bytes()
    {
        TestCards.Rsa.WriteKey(_folder["key.pem"], KeyFolder.Password);
        await using var signer = _folder.Open(_folder["key.pem"], KeyFolder.Password);

        var refused = await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request with { Head = "{\"note\":\"\udc00\"}" }, CancellationToken.None));

        Assert.Contains("lone surrogate", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RefusesToSignAsync(KeyFileSigner signer, string english, string chinese, string setting = "Customs:Merchants:ningbo:Signing:KeyFile")
    {
        var refused = await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, CancellationToken.None));

        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains(refused.Message, signer.Warnings);
        Assert.Equal($"{setting}: {english}", Words.In(refused.Message, english: true));
        Assert.Equal($"{setting}：{chinese}", Words.In(refused.Message, english: false));
    }
}
