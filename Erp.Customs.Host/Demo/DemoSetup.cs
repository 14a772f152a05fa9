using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Erp.Customs.Host.Users;
using Erp.Customs.Simulator;

namespace Erp.Customs.Host.Demo;

/// <summary>What the demo makes once and keeps in its data folder: the day of the sale, cards, a user's password, an API key. Owner's eyes only.</summary>
internal sealed record DemoSetup
{
    /// <summary>The demo's user; it exists nowhere else.</summary>
    public const string User = "demo";

    private const string EbpNingbo = "3302660075";
    private const string EbpGuangzhou = "4404840022";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The day on which everything was sold: the day before the first run, so that nothing lies in the future.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public required string Password { get; init; }

    /// <summary>Key of the integration API.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Password of both key files.</summary>
    public required string KeyPassword { get; init; }

    /// <summary>证书编号 of the RSA card.</summary>
    public required string CertNoNingbo { get; init; }

    /// <summary>证书编号 of the SM2 card.</summary>
    public required string CertNoGuangzhou { get; init; }

    /// <summary>Reads what an earlier run made in a folder, or makes it.</summary>
    public static DemoSetup ReadOrMake(string folder, TimeProvider time)
    {
        OwnFolder.Create(folder);
        var file = Path.Combine(folder, "demo.json");
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<DemoSetup>(File.ReadAllBytes(file), _json) ?? throw new InvalidDataException($"{file} is empty: remove the folder to begin anew.");
        }

        var keyPassword = Secret();
        var issuer = new CardIssuer(time);
        var rsa = issuer.Issue(CardKind.Rsa1024, "宁波海淘优选电子商务有限公司");
        var sm2 = issuer.Issue(CardKind.Sm2, "广州跨境购供应链管理有限公司");
        rsa.WriteKey(KeyOf(folder, DemoOrders.Ningbo), keyPassword);
        rsa.WriteCertificate(CertificateOf(folder, DemoOrders.Ningbo));
        sm2.WriteKey(KeyOf(folder, DemoOrders.Guangzhou), keyPassword);
        sm2.WriteCertificate(CertificateOf(folder, DemoOrders.Guangzhou));
        var setup = new DemoSetup
        {
            Day = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date.AddDays(-1)),
            Password = Secret(),
            ApiKey = Secret(),
            KeyPassword = keyPassword,
            CertNoNingbo = rsa.CertNo,
            CertNoGuangzhou = sm2.CertNo,
        };
        // Last, so that a run that was interrupted before is simply begun again.
        OwnFolder.WriteFile(file, JsonSerializer.SerializeToUtf8Bytes(setup, _json));
        return setup;
    }

    /// <summary>Tells customs whose certificates these are, as the firms would have on customs' page.</summary>
    public void RegisterAt(CustomsServer customs, string folder)
    {
        customs.Register.RegisterPem(CertNoNingbo, EbpNingbo, File.ReadAllText(CertificateOf(folder, DemoOrders.Ningbo)));
        customs.Register.RegisterPem(CertNoGuangzhou, EbpGuangzhou, File.ReadAllText(CertificateOf(folder, DemoOrders.Guangzhou)));
    }

    /// <summary>The settings that an operator would write.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(string folder, Uri uploadAddress, Uri bridgeAddress)
    {
        yield return new("Modules:Enabled", "Erp.Customs");
        yield return new("Customs:Upload:Url", uploadAddress.ToString());
        yield return new("Customs:Upload:TestUrl", uploadAddress.ToString());
        yield return new("Customs:Bridge:BaseUrl", bridgeAddress.ToString());
        yield return new("Customs:ApiKeys:demo-erp", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))));
        yield return new($"Host:Users:{User}:PasswordHash", PasswordHashes.Make(Password));
        yield return new($"Host:Users:{User}:Permissions", "*");
        foreach (var (merchant, ebpCode) in new[] { (DemoOrders.Ningbo, EbpNingbo), (DemoOrders.Guangzhou, EbpGuangzhou) })
        {
            yield return new($"Customs:Merchants:{merchant}:EbpCode", ebpCode);
            yield return new($"Customs:Merchants:{merchant}:Signing:Kind", "KeyFile");
            yield return new($"Customs:Merchants:{merchant}:Signing:KeyFile", KeyOf(folder, merchant));
            yield return new($"Customs:Merchants:{merchant}:Signing:KeyPassword", KeyPassword);
        }

        const string bridge = $"Customs:Merchants:{DemoOrders.Ningbo}:Bridge";
        yield return new($"{bridge}:MerchantName", DemoPush.MerchantName);
        yield return new($"{bridge}:PayCode", "4403169D3W");
        yield return new($"{bridge}:VerDept", "1");
        yield return new($"{bridge}:PayType", "4");
        yield return new($"{bridge}:RecpAccount", "nbhaitao@pay.example.com");
        yield return new($"{bridge}:RecpCode", "91330201MA2AXXXX1K");
        yield return new($"{bridge}:RecpName", "宁波海淘优选电子商务有限公司");
    }

    private static string KeyOf(string folder, string merchant) => Path.Combine(folder, merchant + ".key.pem");

    private static string CertificateOf(string folder, string merchant) => Path.Combine(folder, merchant + ".crt.pem");

    private static string Secret() => RandomNumberGenerator.GetHexString(20, lowercase: true);
}
