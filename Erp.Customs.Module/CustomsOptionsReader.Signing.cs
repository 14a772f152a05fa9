using System.Globalization;
using static Erp.Customs.Module.Setting;

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
            .Where(child => child.GetChildren().Any() && !child.Key.Equals("Agents", StringComparison.OrdinalIgnoreCase))
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

    private (Uri Address, CbtOptions Cbt) Cbt(string key, IReadOnlySet<string> plainHttpHosts) => (GatewayAddress($"{key}:Address", plainHttpHosts), new CbtOptions(
        UpTo(60, $"{key}:CusName", "海关备案名称", "the firm's name as registered with customs"),
        UpTo(18, $"{key}:CusCode", "海关备案代码", "the firm's code as registered with customs"),
        Secret($"{key}:Token") is not { Length: > 0 } token ? throw Missing($"{key}:Token", "CBT 发放的 token，放在机密存储或环境变量中", "the token that CBT gave, in the secret store or the environment")
            : token.Length <= 32 ? token
            : throw Invalid($"{key}:Token", "至多 32 个字符", "up to 32 characters"),
        OneOf($"{key}:HeaderNames", ["sample", "table"], "sample") == "table"));

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
}
