using Erp.Customs.Module.Signing.Eport;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Module.Signing.Pkcs11;
using Erp.Customs.Module.Signing.Sign64;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing;

/// <summary>The kinds of signers by the value of <c>Signing:Kind</c>.</summary>
internal static class SignerKinds
{
    /// <summary>Those whose key is reached from the machine that they run on, be it the module's or a sign agent's.</summary>
    public static IReadOnlyDictionary<string, OpenSigner> OnThisMachine { get; } = new Dictionary<string, OpenSigner>(StringComparer.OrdinalIgnoreCase)
    {
        [KeyFileSigner.KindName] = KeyFileSigner.Load,
        [EportSigner.KindName] = EportSigner.Open,
        [Sign64Signer.KindName] = Sign64Signer.Open,
        [Pkcs11Signer.KindName] = Pkcs11Signer.Open,
    };

    /// <summary>Opens the signer of a merchant.</summary>
    /// <param name="kinds">Those to choose from.</param>
    /// <param name="merchant">Whose.</param>
    /// <param name="time">The signer's clock.</param>
    /// <param name="logger">Told what a person should change.</param>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public static ISigner Open(this IReadOnlyDictionary<string, OpenSigner> kinds, MerchantOptions merchant, TimeProvider time, ILogger logger) => kinds.TryGetValue(merchant.Signing.Kind, out var open)
        ? open(merchant, time, logger)
        : throw new SignerException(
            SignerFailure.Configuration,
            $"{merchant.SigningSetting("Kind")} is '{merchant.Signing.Kind}', but it takes one of: {string.Join(", ", kinds.Keys)}.");
}

/// <summary>Opens the signer of a merchant.</summary>
/// <exception cref="SignerException">A setting is wrong.</exception>
internal delegate ISigner OpenSigner(MerchantOptions merchant, TimeProvider time, ILogger logger);
