using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>What holds uploads up: merchants that are stopped, as the table says, and outages, as this node has met them.</summary>
internal sealed class UploadIncidents(RequestTable requests, UploadCircuits circuits, SignerGate gate, CustomsOptions options, IUploadRequeue requeue) : IUploadIncidents
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<UploadIncident>> OpenAsync(CancellationToken cancellationToken)
    {
        var incidents = new List<UploadIncident>();
        var stops = await requests.StopsAsync(cancellationToken);
        foreach (var stop in stops)
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

        // Where all of them are, the merchant's own incident says it.
        foreach (var closed in await requests.ClosedSignersAsync(cancellationToken))
        {
            if (!stops.Any(stop => stop.Merchant == closed.Merchant && stop.Code == UploadStop.Pin))
            {
                incidents.Add(new(UploadIncidentKind.SignerClosed, closed.Merchant, closed.StoppedAt, Waiting: 0, OfSigner(closed.Signer, closed.Reason), NextProbeAt: null));
            }
        }

        foreach (var merchant in options.Merchants.Keys.Where(merchant => circuits.SignerOf(merchant).Outage is null))
        {
            incidents.AddRange(gate.Outages(merchant).Select(one => new UploadIncident(
                UploadIncidentKind.SignerAway, merchant, one.Outage.Since, Waiting: 0, OfSigner(one.Signer.Name, one.Outage.Reason), one.Outage.NextProbeAt)));
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
            await requeue.RequeueAsync(await requests.SignedWhenStoppedAsync(merchant, CancellationToken.None), by, reason, seenAt: null, CancellationToken.None);
        }

        return await requests.ReopenAsync(merchant, by, reason);
    }

    private static string OfSigner(string signer, string reason) => Words.Of($"{signer}：{Words.In(reason, english: false)}", $"{signer}: {Words.In(reason, english: true)}");
}
