using System.Collections.Frozen;
using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing;

/// <summary>The signers of each merchant in order of preference, opened once.</summary>
internal sealed class Signers : IAsyncDisposable
{
    private readonly FrozenDictionary<string, Lazy<ISigner>[]> _signers;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">Name the merchants.</param>
    /// <param name="time">The signers' clock.</param>
    /// <param name="logger">Told what a person should change.</param>
    /// <param name="kinds">By the value of <c>Signing:Kind</c>; the default value is those whose key is reached from this machine.</param>
    public Signers(CustomsOptions options, TimeProvider time, ILogger<Signers> logger, IReadOnlyDictionary<string, OpenSigner>? kinds = null)
    {
        kinds ??= SignerKinds.OnThisMachine;
        _signers = options.Merchants.Values.ToFrozenDictionary(
            merchant => merchant.Name,
            merchant => merchant.WithEachKey.Select(key => new Lazy<ISigner>(() => kinds.Open(key, time, logger))).ToArray(),
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
}
