using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Signing;

/// <summary>Key files made by openssl are read, and what they sign is verified by openssl: nothing of ours is on that side.</summary>
public sealed class When_openssl_judges : IDisposable
{
    private const string Password = "pass:" + KeyFolder.Password;

    private readonly KeyFolder _folder = new();

    private string Here => Path.GetDirectoryName(_folder["x"])!;

    public void Dispose() => _folder.Dispose();

    [OpensslFact]
    public Task Should_read_and_accept_rsa_pkcs8_in_the_clear() => AcceptedAsync(CardKind.Rsa1024, password: null);

    [OpensslFact]
    public Task Should_read_and_accept_sm2_pkcs8_in_the_clear() => AcceptedAsync(CardKind.Sm2, password: null);

    [OpensslTheory]
    [InlineData(CardKind.Rsa1024, "-v2 aes-256-cbc")]
    [InlineData(CardKind.Rsa1024, "-v2 aes-128-cbc -v2prf hmacWithSHA1")]
    [InlineData(CardKind.Rsa1024, "-v2 des3")]
    [InlineData(CardKind.Rsa1024, "-v1 PBE-SHA1-3DES")]
    [InlineData(CardKind.Sm2, "-v2 aes-256-cbc")]
    [InlineData(CardKind.Sm2, "-v1 PBE-SHA1-3DES")]
    public Task Should_read_and_accept_pkcs8_encrypted(CardKind kind, string cipher) =>
        AcceptedAsync(kind, KeyFolder.Password, ["pkcs8", "-topk8", "-in", "key.pem", "-passout", Password, "-out", "key", .. cipher.Split(' ')], certificateFile: "card.pem");

    [OpensslFact]
    public Task Should_read_and_accept_rsa_pkcs1() =>
        AcceptedAsync(CardKind.Rsa1024, password: null, ["rsa", "-in", "key.pem", "-traditional", "-out", "key"], certificateFile: "card.pem");

    [OpensslFact]
    public Task Should_read_and_accept_rsa_pkcs1_in_the_old_encryption() =>
        AcceptedAsync(CardKind.Rsa1024, KeyFolder.Password, ["rsa", "-in", "key.pem", "-traditional", "-aes128", "-passout", Password, "-out", "key"], certificateFile: "card.pem");

    [OpensslFact]
    public Task Should_read_and_accept_sm2_sec1() =>
        AcceptedAsync(CardKind.Sm2, password: null, ["ec", "-in", "key.pem", "-out", "key"], certificateFile: "card.pem");

    [OpensslFact]
    public async Task Should_read_and_accept_a_certificate_in_der()
    {
        Make(CardKind.Sm2);
        Openssl.Run(Here, "x509", "-in", "card.pem", "-outform", "DER", "-out", "card.cer");

        await AcceptedAsync(CardKind.Sm2, _folder["key.pem"], password: null, _folder["card.cer"]);
    }

    [OpensslTheory]
    [InlineData(CardKind.Rsa1024, "")]
    [InlineData(CardKind.Sm2, "")]
    [InlineData(CardKind.Rsa1024, "-name 宁波海淘")]
    [InlineData(CardKind.Rsa1024, "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1")]
    public Task Should_read_and_accept_pfx(CardKind kind, string more) =>
        AcceptedAsync(kind, KeyFolder.Password, ["pkcs12", "-export", "-inkey", "key.pem", "-in", "card.pem", "-passout", Password, "-out", "key", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    [OpensslTheory]
    [InlineData("-passout pass:", null)]
    [InlineData("-keypbe NONE -certpbe NONE -nomac -passout pass:", null)]
    [InlineData("-keypbe NONE -certpbe NONE -nomac -passout pass:", KeyFolder.Password)]
    [InlineData("-keypbe NONE -passout " + Password, KeyFolder.Password)]
    public async Task Should_warn_of_a_pfx_whose_key_lies_open(string how, string? password)
    {
        Make(CardKind.Rsa1024);
        Openssl.Run(Here, ["pkcs12", "-export", "-inkey", "key.pem", "-in", "card.pem", "-out", "key", .. how.Split(' ')]);
        _folder.Write("key", await File.ReadAllBytesAsync(_folder["key"]));

        await using var signer = Open(_folder["key"], password);

        Assert.Contains("unencrypted", Assert.Single(signer.Warnings), StringComparison.Ordinal);
    }

    [OpensslFact]
    public void Should_say_that_an_unusual_encryption_is_not_read()
    {
        Make(CardKind.Sm2);
        Openssl.Run(Here, "pkcs8", "-topk8", "-v2", "sm4-cbc", "-v2prf", "hmacWithSHA256", "-in", "key.pem", "-passout", Password, "-out", "key");

        Assert.Contains("encrypted in an unusual way", _folder.Refusal(_folder["key"], KeyFolder.Password, _folder["card.pem"]), StringComparison.Ordinal);
    }

    private Task AcceptedAsync(CardKind kind, string? password, string[]? make = null, string? certificateFile = null)
    {
        Make(kind);
        if (make is null)
        {
            _folder.Write("key", File.ReadAllText(_folder["key.pem"]), File.ReadAllText(_folder["card.pem"]));
        }
        else
        {
            Openssl.Run(Here, make);
        }

        return AcceptedAsync(kind, _folder["key"], password, certificateFile is null ? null : _folder[certificateFile]);
    }

    private async Task AcceptedAsync(CardKind kind, string keyFile, string? password, string? certificateFile)
    {
        await using var signer = Open(keyFile, password, certificateFile);
        var signature = await signer.SignAsync(TestCards.Request, CancellationToken.None);
        var value = Convert.FromBase64String(signature.SignValue);

        Assert.Equal(kind is CardKind.Rsa1024 ? "01691f7f" : "03000000000cde6f", signature.CertNo);
        Assert.True(SignatureCheck.Verify(TestCards.TextOf(signature), signature, TimeProvider.System.GetUtcNow()).Ok);
        Assert.True(Accepts(kind, TestCards.TextOf(signature), value));
        Assert.False(Accepts(kind, TestCards.TextOf(signature) + "\n", value));
    }

    private bool Accepts(CardKind kind, string text, byte[] signature)
    {
        File.WriteAllText(_folder["text"], text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.WriteAllBytes(_folder["signature"], kind is CardKind.Rsa1024 ? signature : Der(signature));
        return kind is CardKind.Rsa1024
            ? Openssl.Try(Here, "dgst", "-sha1", "-verify", "public.pem", "-signature", "signature", "text")
            : Openssl.Try(
                Here, "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-in", "text", "-sigfile", "signature",
                "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678");
    }

    /// <summary>A key, its certificate and its public key. openssl dates certificates by the system's clock.</summary>
    private void Make(CardKind kind)
    {
        if (kind is CardKind.Rsa1024)
        {
            Openssl.Run(Here, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "key.pem");
            Openssl.Run(Here, "req", "-x509", "-new", "-key", "key.pem", "-sha256", "-subj", "/CN=rsa", "-set_serial", "0x01691f7f", "-out", "card.pem");
        }
        else
        {
            Openssl.Run(Here, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem");
            Openssl.Run(
                Here, "req", "-x509", "-new", "-key", "key.pem", "-sm3", "-sigopt", "distid:1234567812345678", "-subj", "/CN=sm2",
                "-set_serial", "0x03000000000cde6f", "-out", "card.pem");
        }

        Openssl.Run(Here, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem");
    }

    private KeyFileSigner Open(string keyFile, string? password, string? certificateFile = null) =>
        KeyFileSigner.Load(KeyFolder.Merchant(keyFile, password, certificateFile), TimeProvider.System, _folder.Log);

    /// <summary>openssl wants r and s as ASN.1 integers.</summary>
    private static byte[] Der(byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }
}
