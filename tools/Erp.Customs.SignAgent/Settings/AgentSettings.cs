using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Erp.Customs.Contracts;
using Erp.Customs.Host.Ports;
using Erp.Customs.Module;
using Microsoft.Extensions.Configuration;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.SignAgent.Settings;

/// <summary>
/// What the agent is told: <c>agent.json</c> in its folder, environment variables, and one file for each secret in <c>secrets</c>. The signer's settings have the names and the
/// meaning that they have in the module.
/// </summary>
/// <param name="Module">Where the module answers, with its base path and a slash at the end.</param>
/// <param name="Token">What it shows to the module; a secret.</param>
/// <param name="Merchant">Whose key it is, and where it is.</param>
/// <param name="Port">Of the page on this machine; 0 for none.</param>
/// <param name="Authority">Who alone may have issued the module's certificate; <see langword="null"/> for whoever this machine trusts.</param>
internal sealed record AgentSettings(Uri Module, string Token, MerchantOptions Merchant, int Port, X509Certificate2? Authority)
{
    /// <summary>The setting of the token, and the name of the file that holds it.</summary>
    public const string TokenKey = "Agent:Token";

    /// <summary>The setting of the authority's certificate.</summary>
    public const string AuthorityKey = "Agent:AuthorityFile";

    private const string ModuleKey = "Agent:Module";

    private const string PortKey = "Agent:Port";

    private const int UsualPort = 5099;

    /// <summary>Reads them.</summary>
    /// <exception cref="ModuleConfigurationException">One is missing or wrong.</exception>
    public static AgentSettings Read(AgentFolder folder)
    {
        var configuration = Configuration(folder);
        var secrets = new FileSecrets(folder.Secrets, folder.Secrets);
        var merchants = configuration.GetSection("Customs:Merchants").GetChildren().Select(child => child.Key).ToList();
        if (merchants is not [var merchant])
        {
            throw Missing("Customs:Merchants", "恰好一个商户，如 Customs:Merchants:<名称>:Signing:Kind", "exactly one merchant, as in Customs:Merchants:<name>:Signing:Kind");
        }

        return new AgentSettings(
            ModuleAddress(configuration),
            configuration.Secret(secrets, TokenKey) is { Length: > 0 } token ? token : throw Missing(TokenKey, "令牌：先运行 token", "the token: run the verb 'token' first"),
            new MerchantOptions(merchant, "", RawPolicy.Raw, new SigningOptionsReader(configuration, secrets).Read($"Customs:Merchants:{merchant}:Signing")),
            PagePort(configuration),
            ReadAuthority(folder, configuration));
    }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Module} {Merchant.Name} {Merchant.Signing}";

    private static IConfigurationRoot Configuration(AgentFolder folder)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(folder.SettingsFile, optional: true).AddEnvironmentVariables().Build();
        }
        catch (Exception problem) when (problem is InvalidDataException or FormatException)
        {
            throw new ModuleConfigurationException(Words.Of($"{folder.SettingsFile} 不是有效的 JSON", $"{folder.SettingsFile} is no valid JSON"), problem);
        }
    }

    private static Uri ModuleAddress(IConfiguration configuration)
    {
        const string Zh = "模块的地址，如 https://erp.example.cn/customs";
        const string En = "the module's address, such as https://erp.example.cn/customs";
        var text = configuration.Required(ModuleKey, Zh, En);
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
        {
            throw Invalid(ModuleKey, Zh, En);
        }

        var isLoopback = address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
        return address.Scheme == "https" || isLoopback || configuration["Agent:PlainHttp"] is { } plain && bool.TryParse(plain, out var allowed) && allowed
            ? address
            : throw Wrong(ModuleKey, $"http://{address.IdnHost}", "https 地址；本机除外，或设 Agent:PlainHttp 为 true（令牌与报文将不加密）", "an https address, except on this machine or with Agent:PlainHttp set to true, which sends token and texts unencrypted");
    }

    private static X509Certificate2? ReadAuthority(AgentFolder folder, IConfiguration configuration)
    {
        if (configuration[AuthorityKey] is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder.Root, file));
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Wrong(AuthorityKey, file, "可读取的证书文件（PEM 或 DER），即签发模块 https 证书的 CA 的证书", "a file that can be read, PEM or DER: the certificate of the CA that issued the module's");
        }
    }

    private static int PagePort(IConfiguration configuration) => configuration[PortKey] switch
    {
        null or "" => UsualPort,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort => port,
        var text => throw Wrong(PortKey, text, "0 至 65535，0 表示不开页面", "0 to 65535, 0 for no page"),
    };
}
