using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>Cards for the tests, valid for three years around the tests' clock, and what is signed with them.</summary>
internal static class TestCards
{
    public static IssuedCard Rsa { get; } = Issue(CardKind.Rsa1024, "01691f7f");

    public static IssuedCard Sm2 { get; } = Issue(CardKind.Sm2, "03000000000cde6f");

    public static SigningRequest Request { get; } = new(
        "ad2254-8hewyf32-55616249",
        """{"guid":"9D55BA71-22DE-41F4-8B50-C36C83B3B530","initalRequest":"原始请求","initalResponse":"ok","totalAmount":100.1,"note":"批量订单，测试"}""",
        """[{"orderNo":"SO1710301150602574003","goodsInfo":[{"gname":"深度抗皱日霜50ml 𠮷🧴","itemLink":"https://a.example/1;https://a.example/2"}],"recpName":"宁波海淘"}]""",
        1_794_362_400_000);

    public static IssuedCard Issue(CardKind kind, string? certNo = null) => new CardIssuer(new ManualTime()).Issue(kind, "宁波海淘", certNo);

    public static IssuedCard Of(CardKind kind) => kind is CardKind.Rsa1024 ? Rsa : Sm2;

    public static string PrivateKeyPem(this IssuedCard card) => PemEncoding.WriteString("PRIVATE KEY", card.PrivateKey.Span);

    public static string TextOf(Signature signature, SigningRequest? request = null)
    {
        request ??= Request;
        return SignText.Compose(request.SessionId, request.Head, request.Lists, signature.ServiceTime);
    }

    /// <summary>A self-signed certificate of another kind of key, or with a serial number of its own.</summary>
    public static X509Certificate2 SelfSigned(AsymmetricAlgorithm key, byte[] serial)
    {
        var name = new X500DistinguishedName("CN=test");
        var (request, generator) = key is RSA rsa
            ? (new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1))
            : (new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256), X509SignatureGenerator.CreateForECDsa((ECDsa)key));
        var from = new ManualTime().GetUtcNow().AddDays(-1);
        return request.Create(name, generator, from, from.AddYears(1), serial);
    }
}
