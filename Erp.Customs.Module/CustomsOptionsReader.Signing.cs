using System.Globalization;

namespace Erp.Customs.Module;

/// <summary>The settings of a merchant's keys: one under <c>Signing</c>, or a numbered list of the same shape in order of preference.</summary>
internal sealed partial class CustomsOptionsReader
{
    /// <summary>Keys of one merchant at most. The default value is 8.</summary>
    private const int KeysOfOneMerchant = 8;

    /// <summary>Where the merchant's keys stand, the preferred one first: <c>Signing</c>, or <c>Signing:0</c>, <c>Signing:1</c> ….</summary>
    private List<string> SigningSections(string merchant)
    {
        var list = configuration.GetSection($"{merchant}:Signing").GetChildren()
            .Where(child => child.GetChildren().Any())
            .OrderBy(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong($"{merchant}:Signing", child.Key, "设置项，或编号列表 0、1、2……", "settings, or a list numbered 0, 1, 2 …"))
            .Select(child => $"Signing:{child.Key}")
            .ToList();
        if (list.Count == 0)
        {
            return ["Signing"];
        }

        if (configuration[$"{merchant}:Signing:Kind"] is { Length: > 0 })
        {
            throw Wrong($"{merchant}:Signing", "Kind", "要么直接填写一把密钥，要么只有编号列表 0、1、2……", "either one key or a list numbered 0, 1, 2 …, not both");
        }

        return list.Count <= KeysOfOneMerchant ? list : throw Invalid($"{merchant}:Signing", $"至多 {KeysOfOneMerchant} 把密钥", $"up to {KeysOfOneMerchant} keys");
    }

    private SigningOptions Signing(string merchant, string section, IReadOnlySet<string> plainHttpHosts)
    {
        var key = $"{merchant}:{section}";
        var kind = Required($"{key}:Kind", "KeyFile、EportClient、CbtGateway、Sign64 或 Pkcs11", "KeyFile, EportClient, CbtGateway, Sign64 or Pkcs11");
        var (isCbt, isPkcs11) = (Is("CbtGateway"), Is("Pkcs11"));
        return new SigningOptions(
            kind,
            Is("KeyFile") ? Required($"{key}:KeyFile", "PFX 或 PEM 文件的路径", "the path of a PFX or PEM file") : "",
            Secret($"{key}:KeyPassword"),
            configuration[$"{key}:CertificateFile"])
        {
            Section = section,
            Address = isCbt ? GatewayAddress($"{key}:Address", plainHttpHosts) : ControlAddress($"{key}:Address"),
            Pin = Secret($"{key}:Pin"),
            Cbt = isCbt ? Cbt(key) : null,
            Library = Is("Sign64") ? Required($"{key}:Library", "Sign64.dll 的路径", "the path of Sign64.dll")
                : isPkcs11 ? Required($"{key}:Library", "设备厂商的 PKCS#11 动态库的路径", "the path of the PKCS#11 library of the device's maker")
                : null,
            TokenLabel = isPkcs11 ? Required($"{key}:TokenLabel", "PKCS#11 令牌的标签", "the label of the PKCS#11 token") : null,
            KeyLabel = configuration[$"{key}:KeyLabel"] is { Length: > 0 } label ? label : null,
        };

        bool Is(string name) => kind.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private CbtOptions Cbt(string key) => new(
        UpTo(60, $"{key}:CusName", "海关备案名称", "the firm's name as registered with customs"),
        UpTo(18, $"{key}:CusCode", "海关备案代码", "the firm's code as registered with customs"),
        Secret($"{key}:Token") is not { Length: > 0 } token ? throw Missing($"{key}:Token", "CBT 发放的 token，放在机密存储或环境变量中", "the token that CBT gave, in the secret store or the environment")
            : token.Length <= 32 ? token
            : throw Invalid($"{key}:Token", "至多 32 个字符", "up to 32 characters"),
        OneOf($"{key}:HeaderNames", ["sample", "table"], "sample") == "table");

    private string UpTo(int length, string key, string zh, string en)
    {
        var value = Required(key, $"{zh}，至多 {length} 个字符", $"{en}, up to {length} characters");
        return value.Length <= length ? value : throw Wrong(key, value, $"{zh}，至多 {length} 个字符", $"{en}, up to {length} characters");
    }

    private Uri GatewayAddress(string key, IReadOnlySet<string> plainHttpHosts)
    {
        var text = Required(key, "上海 CBT 上线前提供的加签接口地址", "the address of the signing service that CBT give before going live");
        return Address(key, text, plainHttpHosts, "", "");
    }

    private Uri? ControlAddress(string key) => configuration[key] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "ws" or "wss" && address.UserInfo.Length == 0 => address,
        var text => throw Wrong(key, text, "ws:// 或 wss:// 地址，如 ws://127.0.0.1:61232", "an address that begins with ws:// or wss://, such as ws://127.0.0.1:61232"),
    };
}
