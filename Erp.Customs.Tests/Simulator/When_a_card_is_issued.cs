using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.X509;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_a_card_is_issued : IDisposable
{
    private const string Password = "密码 88888888";

    // BouncyCastle 1.8.10 opens no AES PFX with another password than an ASCII one.
    private const string PfxPassword = "pass 88888888";

    private readonly string _folder = Directory.CreateTempSubdirectory("cards-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(CardKind.Rsa1024, "^01[0-9a-f]{6}$")]
    [InlineData(CardKind.Sm2, "^0300000000[0-9a-f]{6}$")]
    public void Should_have_the_serial_number_of_a_card(CardKind kind, string pattern)
    {
        var card = new CardIssuer(_time).Issue(kind, "宁波海淘");
        using var certificate = X509CertificateLoader.LoadCertificate(card.Certificate.Span);

        Assert.Matches(pattern, card.CertNo);
        Assert.Equal(card.CertNo, certificate.SerialNumber.ToLowerInvariant());
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_be_good_for_three_years_from_yesterday(CardKind kind)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(new CardIssuer(_time).Issue(kind, "宁波海淘").Certificate.Span);
        var yesterday = _time.GetUtcNow().UtcDateTime.AddDays(-1);

        Assert.Equal(yesterday, certificate.NotBefore.ToUniversalTime());
        Assert.Equal(yesterday.AddYears(3), certificate.NotAfter.ToUniversalTime());
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_sign_its_own_certificate(CardKind kind)
    {
        var certificate = new X509CertificateParser().ReadCertificate(new CardIssuer(_time).Issue(kind, "宁波海淘").Certificate.ToArray());

        certificate.Verify(certificate.GetPublicKey());
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public void Should_write_a_key_in_the_clear_an_encrypted_one_and_a_pfx_that_hold_the_same_key(CardKind kind)
    {
        var card = new CardIssuer(_time).Issue(kind, "宁波海淘");
        card.WriteKey(InFolder("clear.pem"), password: null);
        card.WriteKey(InFolder("encrypted.pem"), Password);
        card.WritePfx(InFolder("card.pfx"), PfxPassword);
        card.WriteCertificate(InFolder("certificate.pem"));

        Assert.Equal(card.PrivateKey.ToArray(), Pkcs8(ReadKey("clear.pem", password: null)));
        Assert.Equal(card.PrivateKey.ToArray(), Pkcs8(ReadKey("encrypted.pem", Password)));
        Assert.DoesNotContain("-----BEGIN PRIVATE KEY-----", File.ReadAllText(InFolder("encrypted.pem")), StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => ReadKey("encrypted.pem", "wrong"));
        using var pfx = File.OpenRead(InFolder("card.pfx"));
        var store = new Pkcs12StoreBuilder().Build();
        store.Load(pfx, PfxPassword.ToCharArray());
        var alias = Assert.Single(store.Aliases.Cast<string>());
        Assert.Equal(card.PrivateKey.ToArray(), Pkcs8(store.GetKey(alias).Key));
        Assert.Equal(card.Certificate.ToArray(), store.GetCertificate(alias).Certificate.GetEncoded());
        foreach (var file in new[] { "clear.pem", "encrypted.pem", "certificate.pem" })
        {
            Assert.Contains(card.CertificatePem, File.ReadAllText(InFolder(file)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Should_write_an_encrypted_rsa_key_that_dotnet_reads()
    {
        var card = new CardIssuer(_time).Issue(CardKind.Rsa1024, "宁波海淘");
        card.WriteKey(InFolder("encrypted.pem"), Password);

        using var key = RSA.Create();
        key.ImportFromEncryptedPem(File.ReadAllText(InFolder("encrypted.pem")), Password);

        Assert.Equal(card.PrivateKey.ToArray(), key.ExportPkcs8PrivateKey());
    }

    [Fact]
    public void Should_write_an_rsa_pfx_that_dotnet_reads()
    {
        var card = new CardIssuer(_time).Issue(CardKind.Rsa1024, "宁波海淘");
        card.WritePfx(InFolder("card.pfx"), PfxPassword);

        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(InFolder("card.pfx"), PfxPassword);
        using var key = certificate.GetRSAPrivateKey();

        Assert.Equal(1024, key!.KeySize);
        Assert.Contains("宁波海淘", certificate.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_write_files_that_are_the_owners_alone_and_replace_older_ones()
    {
        var card = new CardIssuer(_time).Issue(CardKind.Sm2, "广州跨境");
        File.WriteAllText(InFolder("card.pem"), "older, longer and for everybody" + new string('x', 10_000));
        card.WriteKey(InFolder("card.pem"), password: null);

        Assert.DoesNotContain("older", File.ReadAllText(InFolder("card.pem")), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(InFolder("card.pem")));
        }
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, "01691f7")]
    [InlineData(CardKind.Rsa1024, "01691F7F")]
    [InlineData(CardKind.Rsa1024, "00691f7f")]
    [InlineData(CardKind.Rsa1024, "81691f7f")]
    [InlineData(CardKind.Sm2, "01691f7f")]
    public void Should_refuse_a_serial_number_that_no_card_has(CardKind kind, string certNo) =>
        Assert.Throws<ArgumentException>(() => new CardIssuer(_time).Issue(kind, "宁波海淘", certNo));

    [Theory]
    [InlineData(CardKind.Rsa1024, "Public-Key: (1024 bit)", "sha256WithRSAEncryption")]
    [InlineData(CardKind.Sm2, "ASN1 OID: SM2", "SM2-with-SM3")]
    public async Task Should_be_read_by_openssl_where_there_is_one(CardKind kind, string key, string algorithm)
    {
        var card = new CardIssuer(_time).Issue(kind, "宁波海淘");
        card.WriteCertificate(InFolder("certificate.pem"));
        card.WriteKey(InFolder("key.pem"), "pass");
        card.WritePfx(InFolder("card.pfx"), "pass");
        if (await OpenSslAsync("version") is null)
        {
            return; // nothing to ask
        }

        var text = await OpenSslAsync("x509", "-noout", "-text", "-in", InFolder("certificate.pem"));

        Assert.Contains(key, text, StringComparison.Ordinal);
        Assert.Contains(algorithm, text, StringComparison.Ordinal);
        Assert.Contains("Digital Signature", text, StringComparison.Ordinal);
        Assert.NotNull(await OpenSslAsync("pkey", "-noout", "-check", "-passin", "pass:pass", "-in", InFolder("key.pem")));
        Assert.NotNull(await OpenSslAsync("pkcs12", "-noout", "-passin", "pass:pass", "-in", InFolder("card.pfx")));
        Assert.NotNull(await OpenSslAsync("verify", "-no_check_time", "-CAfile", InFolder("certificate.pem"), "-vfyopt", "distid:1234567812345678", InFolder("certificate.pem")));
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private AsymmetricKeyParameter ReadKey(string file, string? password)
    {
        using var text = new StringReader(File.ReadAllText(InFolder(file), Encoding.ASCII));
        return (AsymmetricKeyParameter)new PemReader(text, new Finder(password)).ReadObject();
    }

    private static byte[] Pkcs8(AsymmetricKeyParameter key) => PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetDerEncoded();

    /// <summary>What openssl printed, or <see langword="null"/> when it is absent or says no.</summary>
    private static async Task<string?> OpenSslAsync(params string[] arguments)
    {
        try
        {
            using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var error = openssl.StandardError.ReadToEndAsync();
            var output = await openssl.StandardOutput.ReadToEndAsync();
            await error;
            await openssl.WaitForExitAsync();
            return openssl.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed class Finder(string? password) : IPasswordFinder
    {
        // A byte a character: the bytes of UTF-8, as OpenSSL takes them.
        public char[]? GetPassword() => password is null ? null : Array.ConvertAll(Encoding.UTF8.GetBytes(password), one => (char)one);
    }
}
