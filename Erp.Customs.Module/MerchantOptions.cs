using System.Collections.ObjectModel;

namespace Erp.Customs.Module;

/// <summary>One merchant (电商平台企业).</summary>
/// <param name="Name">Key under <c>Customs:Merchants</c>; also the path segment of its own platDataOpen address.</param>
/// <param name="EbpCode">电商平台代码: the platform's customs code, up to 18 characters; must match the certificate's registration.</param>
/// <param name="RawPolicy">How the raw exchange is written into the copy that is sent.</param>
/// <param name="Signing">Which key signs.</param>
internal sealed record MerchantOptions(string Name, string EbpCode, RawPolicy RawPolicy, SigningOptions Signing)
{
    /// <summary>The merchant at the payment-customs bridge; <see langword="null"/> when it pushes no orders.</summary>
    public BridgeMerchantOptions? Bridge { get; init; }
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

/// <summary><c>Customs:Merchants:&lt;name&gt;:Signing</c>.</summary>
/// <param name="Kind"><c>KeyFile</c>, <c>EportClient</c> or <c>Agent</c>.</param>
/// <param name="KeyFile">PFX or PEM.</param>
/// <param name="KeyPassword">Password of the key file; <see langword="null"/> for an unencrypted one.</param>
/// <param name="CertificateFile">PEM or DER; needed when the key file holds no certificate.</param>
internal sealed record SigningOptions(string Kind, string KeyFile, string? KeyPassword, string? CertificateFile)
{
    /// <summary><c>Signing:Address</c> of an EportClient control. The default value is ws://127.0.0.1:61232.</summary>
    public Uri? Address { get; init; }

    /// <summary><c>Signing:Pin</c> of the card; a secret.</summary>
    public string? Pin { get; init; }

    /// <summary><c>Signing:Agents:&lt;name&gt;</c> of kind <c>Agent</c>: SHA-256 of each sign agent's token, by the agent's name.</summary>
    public IReadOnlyDictionary<string, byte[]> Agents { get; init; } = ReadOnlyDictionary<string, byte[]>.Empty;

    /// <summary>Without password and PIN.</summary>
    public override string ToString() => $"{Kind} {KeyFile}{Address}";
}
