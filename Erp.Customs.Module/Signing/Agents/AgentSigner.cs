using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>Signs with a card whose PC cannot be called: a sign agent there fetches the texts (<see cref="AgentDesk"/>). Whether a wrong PIN has closed it is known by the table alone.</summary>
internal sealed class AgentSigner(MerchantOptions merchant, AgentDesk desk) : ISigner
{
    /// <summary>Value of <c>Signing:Kind</c>.</summary>
    public const string KindName = "Agent";

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public string Name => SignerStop.Agents;

    /// <inheritdoc/>
    public bool CanLock => true;

    /// <inheritdoc/>
    public Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken) => desk.SignAsync(merchant.Name, request, cancellationToken);

    /// <inheritdoc/>
    public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => desk.CertificateAsync(merchant.Name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
