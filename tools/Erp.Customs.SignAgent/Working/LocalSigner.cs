using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.SignAgent.Settings;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.SignAgent.Working;

/// <summary>The key on this machine behind its latch.</summary>
internal sealed class LocalSigner : IAsyncDisposable
{
    private readonly AgentFolder _folder;
    private readonly PinLatch _latch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ISigner _signer;

    /// <summary>Opens it.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    public LocalSigner(AgentFolder folder, MerchantOptions merchant, TimeProvider time, ILogger logger)
    {
        (_folder, _latch, _time, _logger) = (folder, new PinLatch(folder), time, logger);
        _signer = SignerKinds.OnThisMachine.Open(merchant, time, logger);
    }

    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public string Kind => _signer.Kind;

    /// <summary>Why no PIN is tried; <see langword="null"/> while one may be.</summary>
    public string? ClosedWhy => _latch.Why;

    /// <summary>Signs.</summary>
    /// <exception cref="SignerException">It did not. After a wrong PIN it never does until it is reopened.</exception>
    public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        if (_latch.Why is { } why)
        {
            throw new SignerException(SignerFailure.Pin, why);
        }

        try
        {
            return await _signer.SignAsync(request, cancellationToken);
        }
        catch (SignerException problem) when (problem.Failure == SignerFailure.Pin)
        {
            _latch.Close(problem.Message);
            throw;
        }
    }

    /// <summary>The certificate in use.</summary>
    /// <exception cref="SignerException">It cannot be read.</exception>
    public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => _signer.CertificateAsync(cancellationToken);

    /// <summary>A person has reopened the merchant: the PIN may be tried again, as the settings name it now.</summary>
    /// <exception cref="SignerException">A setting is wrong.</exception>
    /// <exception cref="Contracts.ModuleConfigurationException">The same.</exception>
    public async Task ReopenAsync()
    {
        var fresh = SignerKinds.OnThisMachine.Open(AgentSettings.Read(_folder).Merchant, _time, _logger);
        var before = Interlocked.Exchange(ref _signer, fresh);
        _latch.Open();
        await before.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _signer.DisposeAsync();
}
