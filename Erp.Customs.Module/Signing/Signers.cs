using System.Collections.Frozen;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing.Cbt;
using Erp.Customs.Module.Signing.Eport;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Module.Signing.Pkcs11;
using Erp.Customs.Module.Signing.Sign64;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing;

/// <summary>The signers of each merchant in order of preference, opened once. The only place that knows the kinds.</summary>
internal sealed class Signers : IAsyncDisposable
{
    private readonly FrozenDictionary<string, Lazy<ISigner>[]> _signers;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">Name the merchants.</param>
    /// <param name="time">The signers' clock.</param>
    /// <param name="cbt">Renders what the Shanghai CBT gateway gets.</param>
    /// <param name="logger">Told what a person should change.</param>
    /// <param name="kinds">By the value of <c>Signing:Kind</c>; the default value is the product's.</param>
    public Signers(CustomsOptions options, ICbtRenderer cbt, TimeProvider time, ILogger<Signers> logger, IReadOnlyDictionary<string, OpenSigner>? kinds = null)
    {
        kinds ??= KindsWith(cbt);
        _signers = options.Merchants.Values.ToFrozenDictionary(
            merchant => merchant.Name,
            merchant => merchant.WithEachKey.Select(key => new Lazy<ISigner>(() => Open(kinds, key, time, logger))).ToArray(),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Opens all of them, so that a wrong setting shows at the start and not when customs ask.</summary>
    /// <exception cref="ModuleConfigurationException">A setting is wrong; one sentence that names it.</exception>
    public void LoadAll()
    {
        foreach (var signer in _signers.Values.SelectMany(ofMerchant => ofMerchant))
        {
            try
            {
                _ = signer.Value;
            }
            catch (SignerException problem)
            {
                throw new ModuleConfigurationException(problem.Message, problem);
            }
        }
    }

    /// <summary>The signers of a merchant, the preferred one first; at least one.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <exception cref="SignerException">There is no such merchant, or its settings are wrong.</exception>
    public IReadOnlyList<ISigner> Of(string merchant) => _signers.TryGetValue(merchant, out var signers)
        ? Array.ConvertAll(signers, signer => signer.Value)
        : throw new SignerException(
            SignerFailure.Configuration, Words.Of($"Customs:Merchants 中没有商户 {merchant}", $"Customs:Merchants has no merchant {merchant}"));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var signer in _signers.Values.SelectMany(ofMerchant => ofMerchant).Where(signer => signer.IsValueCreated))
        {
            await signer.Value.DisposeAsync();
        }
    }

    private static Dictionary<string, OpenSigner> KindsWith(ICbtRenderer cbt) => new(StringComparer.OrdinalIgnoreCase)
    {
        [KeyFileSigner.KindName] = KeyFileSigner.Load,
        [EportSigner.KindName] = EportSigner.Open,
        [CbtSigner.KindName] = (merchant, time, logger) => CbtSigner.Open(merchant, cbt, time, logger),
        [Sign64Signer.KindName] = Sign64Signer.Open,
        [Pkcs11Signer.KindName] = Pkcs11Signer.Open,
    };

    private static ISigner Open(IReadOnlyDictionary<string, OpenSigner> kinds, MerchantOptions merchant, TimeProvider time, ILogger logger) => kinds.TryGetValue(merchant.Signing.Kind, out var open)
        ? open(merchant, time, logger)
        : throw new SignerException(
            SignerFailure.Configuration,
            $"{merchant.SigningSetting("Kind")} is '{merchant.Signing.Kind}', but it takes one of: {string.Join(", ", kinds.Keys)}.");
}

/// <summary>Opens the signer of a merchant.</summary>
/// <exception cref="SignerException">A setting is wrong.</exception>
internal delegate ISigner OpenSigner(MerchantOptions merchant, TimeProvider time, ILogger logger);
