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

    private SigningOptions Signing(string merchant, string section)
    {
        var key = $"{merchant}:{section}";
        var kind = Required($"{key}:Kind", "KeyFile 或 EportClient", "KeyFile or EportClient");
        return new SigningOptions(
            kind,
            kind.Equals("EportClient", StringComparison.OrdinalIgnoreCase) ? "" : Required($"{key}:KeyFile", "PFX 或 PEM 文件的路径", "the path of a PFX or PEM file"),
            Secret($"{key}:KeyPassword"),
            configuration[$"{key}:CertificateFile"])
        {
            Section = section,
            Address = ControlAddress($"{key}:Address"),
            Pin = Secret($"{key}:Pin"),
        };
    }

    private Uri? ControlAddress(string key) => configuration[key] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "ws" or "wss" && address.UserInfo.Length == 0 => address,
        var text => throw Wrong(key, text, "ws:// 或 wss:// 地址，如 ws://127.0.0.1:61232", "an address that begins with ws:// or wss://, such as ws://127.0.0.1:61232"),
    };
}
