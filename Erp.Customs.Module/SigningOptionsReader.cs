using System.Collections.ObjectModel;
using Erp.Customs.Contracts;
using Microsoft.Extensions.Configuration;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>Reads the settings of one key, in the module and in a sign agent alike.</summary>
/// <param name="configuration">Where they stand.</param>
/// <param name="secrets">The host's store.</param>
/// <param name="readCbt">Reads those of the Shanghai CBT gateway; <see langword="null"/> where it cannot be used: in a sign agent.</param>
internal sealed class SigningOptionsReader(IConfiguration configuration, ISecretStore? secrets, Func<string, (Uri Address, CbtOptions Cbt)>? readCbt = null)
{
    /// <summary>The longest name of a sign agent.</summary>
    private const int NameLength = 64;

    /// <summary>Reads them.</summary>
    /// <param name="key">Where they stand: <c>Customs:Merchants:&lt;name&gt;:Signing</c>, or one of a list.</param>
    /// <param name="section">The part of it behind the merchant. The default value is Signing.</param>
    /// <exception cref="ModuleConfigurationException">One is missing or wrong.</exception>
    public SigningOptions Read(string key, string section = "Signing")
    {
        var kind = configuration.Required(
            $"{key}:Kind", "KeyFile、EportClient、Agent、CbtGateway、Sign64 或 Pkcs11", "KeyFile, EportClient, Agent, CbtGateway, Sign64 or Pkcs11");
        var cbt = Is("CbtGateway") ? readCbt?.Invoke(key) : null;
        return new SigningOptions(
            kind,
            Is("KeyFile") ? configuration.Required($"{key}:KeyFile", "PFX 或 PEM 文件的路径", "the path of a PFX or PEM file") : "",
            configuration.Secret(secrets, $"{key}:KeyPassword"),
            configuration[$"{key}:CertificateFile"])
        {
            Section = section,
            Address = cbt?.Address ?? ControlAddress($"{key}:Address"),
            Pin = configuration.Secret(secrets, $"{key}:Pin"),
            Agents = Is("Agent") ? Agents($"{key}:Agents") : ReadOnlyDictionary<string, byte[]>.Empty,
            Cbt = cbt?.Cbt,
            Library = Is("Sign64") ? configuration.Required($"{key}:Library", "Sign64.dll 的路径", "the path of Sign64.dll")
                : Is("Pkcs11") ? configuration.Required($"{key}:Library", "设备厂商的 PKCS#11 动态库的路径", "the path of the PKCS#11 library of the device's maker")
                : null,
            TokenLabel = Is("Pkcs11") ? configuration.Required($"{key}:TokenLabel", "PKCS#11 令牌的标签", "the label of the PKCS#11 token") : null,
            KeyLabel = configuration[$"{key}:KeyLabel"] is { Length: > 0 } label ? label : null,
        };

        bool Is(string name) => kind.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private Uri? ControlAddress(string key) => configuration[key] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "ws" or "wss" && address.UserInfo.Length == 0 => address,
        var text => throw Wrong(key, text, "ws:// 或 wss:// 地址，如 ws://127.0.0.1:61232", "an address that begins with ws:// or wss://, such as ws://127.0.0.1:61232"),
    };

    private Dictionary<string, byte[]> Agents(string key)
    {
        var agents = configuration.Hashes(secrets, key, "签名代理令牌", "the agent's token");
        foreach (var name in agents.Keys.Where(name => name.Length > NameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            throw Wrong(key, name, "至多 64 个字母、数字、'-'、'_'、'.' 的名称", "names of up to 64 letters, digits, '-', '_' and '.'");
        }

        return agents.Count > 0
            ? agents
            : throw Missing(key, "至少一个签名代理：名称及其令牌的 SHA-256（在代理上运行 token 得到）", "at least one agent: its name and the SHA-256 of its token, which the agent's verb 'token' prints");
    }
}
