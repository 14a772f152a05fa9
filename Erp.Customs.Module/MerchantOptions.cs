using System.Collections.ObjectModel;

namespace Erp.Customs.Module;

/// <summary>One merchant (电商平台企业).</summary>
/// <param name="Name">Key under <c>Customs:Merchants</c>; also the path segment of its own platDataOpen address.</param>
/// <param name="EbpCode">电商平台代码: the platform's customs code, up to 18 characters; must match the certificate's registration.</param>
/// <param name="RawPolicy">How the raw exchange is written into the copy that is sent.</param>
/// <param name="Signing">Which key signs; of several the preferred one.</param>
internal sealed record MerchantOptions(string Name, string EbpCode, RawPolicy RawPolicy, SigningOptions Signing)
{
    /// <summary>The keys that sign when the ones before them do not, in order of preference. The default value is none.</summary>
    public IReadOnlyList<SigningOptions> Substitutes { get; init; } = [];

    /// <summary>The merchant at the payment-customs bridge; <see langword="null"/> when it pushes no orders.</summary>
    public BridgeMerchantOptions? Bridge { get; init; }

    /// <summary>SHA-256 of the token of each of its sign agents, by the agent's name; empty where no key is reached through one.</summary>
    public IReadOnlyDictionary<string, byte[]> Agents => Substitutes.Prepend(Signing).FirstOrDefault(key => key.Agents.Count > 0)?.Agents ?? ReadOnlyDictionary<string, byte[]>.Empty;

    /// <summary>The merchant once with each of its keys, the preferred one first.</summary>
    public IReadOnlyList<MerchantOptions> WithEachKey => [.. Substitutes.Prepend(Signing).Select(key => this with { Signing = key, Substitutes = [] })];

    /// <summary>The name of a setting of the key that signs, as people know it: <c>Customs:Merchants:ningbo:Signing:Pin</c>, in a list <c>Customs:Merchants:ningbo:Signing:1:Pin</c>.</summary>
    public string SigningSetting(string name) => $"Customs:Merchants:{Name}:{Signing.Section}:{name}";
}

/// <summary><c>RawPolicy</c> of a merchant: what happens to initalRequest and initalResponse in the copy that is sent. The archive keeps the original.</summary>
internal enum RawPolicy
{
    /// <summary><c>raw</c>: as it is, escaped as JSON requires. The default.</summary>
    Raw,

    /// <summary><c>url-encode</c>: percent-encoded UTF-8.</summary>
    UrlEncode,

    /// <summary><c>strip</c>: backslashes, double quotes and control characters removed, so that no escape is left.</summary>
    Strip,
}

/// <summary><c>Customs:Merchants:&lt;name&gt;:Signing</c>, or one of a list: <c>Customs:Merchants:&lt;name&gt;:Signing:0</c>, <c>:1</c> ….</summary>
/// <param name="Kind"><c>KeyFile</c>, <c>EportClient</c>, <c>Agent</c>, <c>CbtGateway</c>, <c>Sign64</c> or <c>Pkcs11</c>.</param>
/// <param name="KeyFile">PFX or PEM.</param>
/// <param name="KeyPassword">Password of the key file; <see langword="null"/> for an unencrypted one.</param>
/// <param name="CertificateFile">PEM or DER; needed for the gateway and Sign64, and when key file or token hold no certificate.</param>
internal sealed record SigningOptions(string Kind, string KeyFile, string? KeyPassword, string? CertificateFile)
{
    /// <summary>Where it stands in the merchant's settings: <c>Signing</c>, in a list <c>Signing:0</c>. The default value is Signing.</summary>
    public string Section { get; init; } = "Signing";

    /// <summary><c>Signing:Address</c> of an EportClient control, for which the default value is ws://127.0.0.1:61232, or of the Shanghai CBT gateway, for which it is required.</summary>
    public Uri? Address { get; init; }

    /// <summary><c>Signing:Pin</c> of card or token; a secret.</summary>
    public string? Pin { get; init; }

    /// <summary>Who asks the Shanghai CBT gateway; <see langword="null"/> for another kind.</summary>
    public CbtOptions? Cbt { get; init; }

    /// <summary><c>Signing:Library</c>: path of Sign64.dll, or of the PKCS#11 library of the device's maker.</summary>
    public string? Library { get; init; }

    /// <summary><c>Signing:TokenLabel</c>: the PKCS#11 token.</summary>
    public string? TokenLabel { get; init; }

    /// <summary><c>Signing:KeyLabel</c>: the key on it, and its certificate; <see langword="null"/> where the token holds one.</summary>
    public string? KeyLabel { get; init; }

    /// <summary><c>Signing:Agents:&lt;name&gt;</c> of kind <c>Agent</c>: SHA-256 of each sign agent's token, by the agent's name.</summary>
    public IReadOnlyDictionary<string, byte[]> Agents { get; init; } = ReadOnlyDictionary<string, byte[]>.Empty;

    /// <summary>Without password, PIN and token.</summary>
    public override string ToString() => $"{Kind} {KeyFile}{Address}{TokenLabel}";
}

/// <summary>Who asks the Shanghai CBT gateway (document 3.1.2.2).</summary>
/// <param name="Name"><c>Signing:CusName</c>: 海关备案名称, up to 60 characters.</param>
/// <param name="Code"><c>Signing:CusCode</c>: 海关备案代码, up to 18 characters.</param>
/// <param name="Token"><c>Signing:Token</c>: 公服认证 token, up to 32 characters; a secret.</param>
/// <param name="AsInTable"><c>Signing:HeaderNames</c> is <c>table</c>: fields named as in the document's table, and not as in its sample.</param>
internal sealed record CbtOptions(string Name, string Code, string Token, bool AsInTable)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Name} {Code}";
}
