using System.Security.Cryptography;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Org.BouncyCastle.Crypto.Signers;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_a_signature_does_not_fit : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_refuse_when_a_byte_was_changed_after_signing(CardKind kind)
    {
        var payload = _customs.NewUpload(Card(kind)).ToString();

        Assert.Equal("20111", (await _customs.PostAsync(payload.Replace("\"totalAmount\":100.1", "\"totalAmount\":100.2", StringComparison.Ordinal))).Code);
        Assert.Equal("20111", (await _customs.PostAsync(payload.Replace("\"note\":\"\"", "\"note\": \"\"", StringComparison.Ordinal))).Code);
        Assert.Equal("20111", (await _customs.PostAsync(payload.Replace("小米盒子", "\\u5c0f米盒子", StringComparison.Ordinal))).Code);
        Assert.Equal("20111", (await _customs.PostAsync(payload.Replace("1544519952469", "1544519952470", StringComparison.Ordinal))).Code);
        Assert.Equal("10000", (await _customs.PostAsync(payload)).Code);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024)]
    [InlineData(CardKind.Sm2)]
    public async Task Should_refuse_another_card_of_the_same_kind(CardKind kind)
    {
        var other = new CardIssuer(new ManualTime()).Issue(kind, "别家");
        var upload = _customs.NewUpload(other);
        upload.CertNo = Upload.Quote(Card(kind).CertNo);

        Assert.Equal("20111", (await _customs.PostAsync(upload)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("//////////////////////////////////////////////////////////////////////////////////////==")]
    public async Task Should_refuse_what_is_no_signature(string signValue)
    {
        foreach (var card in new[] { Customs.Rsa, Customs.Sm2 })
        {
            var upload = _customs.NewUpload(card);
            upload.Signer = _ => signValue;

            Assert.Equal(signValue.Length == 0 ? "20108" : "20111", (await _customs.PostAsync(upload)).Code);
        }
    }

    [Fact]
    public async Task Should_refuse_base64_with_line_breaks()
    {
        var upload = _customs.NewUpload();
        upload.Signer = text => Convert.ToBase64String(Upload.SignWith(Customs.Rsa, text), Base64FormattingOptions.InsertLineBreaks).Replace("\r\n", "\\r\\n", StringComparison.Ordinal);

        Assert.Equal("20111", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_refuse_rsa_with_another_hash()
    {
        var upload = _customs.NewUpload();
        upload.Signer = text =>
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(Customs.Rsa.PrivateKey.Span, out _);
            return Convert.ToBase64String(rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        };

        Assert.Equal("20111", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_refuse_sm2_in_der_or_with_another_user_id()
    {
        var der = _customs.NewUpload(Customs.Sm2);
        der.Signer = text => Convert.ToBase64String(Upload.SignSm2(Customs.Sm2, text, StandardDsaEncoding.Instance, "1234567812345678"));
        var otherUser = _customs.NewUpload(Customs.Sm2);
        otherUser.Signer = text => Convert.ToBase64String(Upload.SignSm2(Customs.Sm2, text, PlainDsaEncoding.Instance, "someone"));

        Assert.Equal("20111", (await _customs.PostAsync(der)).Code);
        Assert.Equal("20111", (await _customs.PostAsync(otherUser)).Code);
    }

    [Fact]
    public async Task Should_answer_20004_for_a_pair_that_is_not_registered()
    {
        var upperCase = _customs.NewUpload();
        upperCase.CertNo = Upload.Quote(Customs.Rsa.CertNo.ToUpperInvariant());
        var unknown = _customs.NewUpload();
        unknown.CertNo = "\"01691f70\"";
        var shortened = _customs.NewUpload();
        shortened.CertNo = Upload.Quote(Customs.Rsa.CertNo[1..]);
        var otherPlatform = _customs.NewUpload().With("ebpCode", "\"440484002X\"");

        foreach (var upload in new[] { upperCase, unknown, shortened, otherPlatform })
        {
            var reply = await _customs.PostAsync(upload);
            Assert.Equal(("20004", "企业实时数据获取验签证书未在服务系统注册"), (reply.Code, reply.Message));
        }
    }

    [Fact]
    public void Should_register_only_what_customs_register()
    {
        var register = new CustomsRegister();

        Assert.Throws<ArgumentException>(() => register.RegisterPem("01691F7F", Upload.Ebp, Customs.Rsa.CertificatePem));
        Assert.Throws<ArgumentException>(() => register.RegisterPem("", Upload.Ebp, Customs.Rsa.CertificatePem));
        Assert.Throws<ArgumentException>(() => register.RegisterPem("01691f7f", "", Customs.Rsa.CertificatePem));
        Assert.Throws<ArgumentException>(() => register.RegisterPem("01691f7f", Upload.Ebp, "no pem"));
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<ArgumentException>(() => register.RegisterPem("01691f7f", Upload.Ebp, p256.ExportSubjectPublicKeyInfoPem()));
        Assert.Empty(register.Certificates);
    }

    private static IssuedCard Card(CardKind kind) => kind is CardKind.Sm2 ? Customs.Sm2 : Customs.Rsa;
}
