using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Simulator;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Erp.Customs.Tests.Simulator;

/// <summary>A payload written by hand, field by field, and signed over the text as it stands; a test spoils what it is about.</summary>
internal sealed class Upload
{
    public const string Ebp = "3301963K69";
    public const string Goods = """{"gname":"小米盒子","itemLink":"https://a.example.com/1;https://a.example.com/2"}""";

    private readonly IssuedCard _card;

    public Upload(IssuedCard card, string sessionId, string orderNo)
    {
        _card = card;
        SessionId = Quote(sessionId);
        CertNo = Quote(card.CertNo);
        Head =
        [
            ("guid", "\"9D55BA71-55DE-41F4-8B50-C36C83B3B419\""),
            ("initalRequest", "\"https://openapi.alipay.com/gateway.do?timestamp=2013-01-01 08:08:08&charset=GBK\""),
            ("initalResponse", """
                "{\"code\":\"10000\",\n\"msg\":\"成功　🎁\"}"
                """),
            ("ebpCode", Quote(Ebp)),
            ("payCode", "\"31222699S7\""),
            ("payTransactionId", "\"2018121222001354081010726129\""),
            ("totalAmount", "100.1"),
            ("currency", "\"142\""),
            ("verDept", "\"3\""),
            ("payType", "\"1\""),
            ("tradingTime", "\"20181212041803\""),
            ("note", "\"\""),
        ];
        Orders = [OrderFields(orderNo)];
    }

    public string SessionId { get; set; }

    public List<(string Name, string Raw)> Head { get; }

    public List<List<(string Name, string Raw)>> Orders { get; }

    public string ServiceTime { get; set; } = "\"1544519952469\"";

    public string CertNo { get; set; }

    /// <summary>Stands between the tokens of head and lists.</summary>
    public string Blank { get; set; } = "";

    /// <summary>Makes the signature, Base64, of the text; the card's own unless a test changes it.</summary>
    public Func<byte[], string>? Signer { get; set; }

    public string HeadText => Object(Head);

    public string ListsText => $"[{string.Join(',', Orders.Select(Object))}]";

    public static string Quote(string text) => $"\"{text}\"";

    public static List<(string Name, string Raw)> OrderFields(string orderNo) =>
    [
        ("orderNo", Quote(orderNo)), ("goodsInfo", $"[{Goods}]"), ("recpAccount", "\"OSA571908863132601\""), ("recpCode", "\"\""), ("recpName", "\"YUNJI HONGKONG LIMITED\""),
    ];

    public static void Set(List<(string Name, string Raw)> fields, string name, string raw) => fields[fields.FindIndex(field => string.Equals(field.Name, name, StringComparison.Ordinal))] = (name, raw);

    public Upload With(string headField, string raw)
    {
        Set(Head, headField, raw);
        return this;
    }

    public Upload WithOrder(string field, string raw)
    {
        Set(Orders[0], field, raw);
        return this;
    }

    public string SignText => $"\"sessionID\":{SessionId}||\"payExchangeInfoHead\":\"{HeadText}\"||\"payExchangeInfoLists\":\"{ListsText}\"||\"serviceTime\":\"{ServiceTime.Trim('"')}\"";

    public string Sign() => (Signer ?? (text => Convert.ToBase64String(SignWith(_card, text))))(Encoding.UTF8.GetBytes(SignText));

    public override string ToString() =>
        $"{{\"sessionID\":{SessionId},\"payExchangeInfoHead\":{HeadText},\"payExchangeInfoLists\":{ListsText},\"serviceTime\":{ServiceTime},\"certNo\":{CertNo},\"signValue\":{Quote(Sign())}}}";

    public static byte[] SignWith(IssuedCard card, byte[] text)
    {
        if (card.Kind is CardKind.Rsa1024)
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(card.PrivateKey.Span, out _);
            return rsa.SignData(text, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
        }

        return SignSm2(card, text, PlainDsaEncoding.Instance, "1234567812345678");
    }

    public static byte[] SignSm2(IssuedCard card, byte[] text, IDsaEncoding encoding, string userId)
    {
        var signer = new SM2Signer(encoding, new SM3Digest());
        signer.Init(forSigning: true, new ParametersWithID(PrivateKeyFactory.CreateKey(card.PrivateKey.ToArray()), Encoding.ASCII.GetBytes(userId)));
        signer.BlockUpdate(text, 0, text.Length);
        return signer.GenerateSignature();
    }

    private string Object(List<(string Name, string Raw)> fields) =>
        $"{{{Blank}{string.Join(Blank + "," + Blank, fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"\"{field.Name}\":{field.Raw}")))}{Blank}}}";
}
