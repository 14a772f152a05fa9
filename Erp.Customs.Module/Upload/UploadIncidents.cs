using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>What holds uploads up: merchants that are stopped, as the table says, and outages, as this node has met them.</summary>
internal sealed class UploadIncidents(RequestTable requests, UploadCircuits circuits, IUploadRequeue requeue) : IUploadIncidents
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<UploadIncident>> OpenAsync(CancellationToken cancellationToken)
    {
        var incidents = new List<UploadIncident>();
        foreach (var stop in await requests.StopsAsync(cancellationToken))
        {
            var held = await requests.CountHeldAsync(stop.Merchant, cancellationToken);
            incidents.Add(new(UploadIncidentKind.MerchantStopped, stop.Merchant, stop.StoppedAt, held, stop.Reason, NextProbeAt: null));
        }

        if (circuits.Customs.Outage is { } customs)
        {
            var waiting = await requests.CountForCustomsAsync(cancellationToken);
            incidents.Add(new(UploadIncidentKind.CustomsAway, Merchant: null, customs.Since, waiting, customs.Reason, customs.NextProbeAt));
        }

        foreach (var (merchant, circuit) in circuits.Signers)
        {
            if (circuit.Outage is { } signer)
            {
                var waiting = await requests.CountForSignerAsync(merchant, cancellationToken);
                incidents.Add(new(UploadIncidentKind.SignerAway, merchant, signer.Since, waiting, signer.Reason, signer.NextProbeAt));
            }
        }

        return [.. incidents.OrderBy(incident => incident.Since)];
    }

    /// <inheritdoc/>
    public async Task<bool> ReopenAsync(string merchant, string by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        var reason = Words.Of("商户已恢复上报", "The merchant's uploads were reopened");
        // First what was signed with the card that customs did not know: sent as it is, it would stop the merchant again.
        if ((await requests.StopsAsync(CancellationToken.None)).Any(stop => stop.Merchant == merchant && stop.Code != UploadStop.Pin))
        {
            await requeue.RequeueAsync(await requests.SignedWhenStoppedAsync(merchant, CancellationToken.None), by, reason, CancellationToken.None);
        }

        return await requests.ReopenAsync(merchant, by, reason);
    }
}
