using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>What holds uploads up: merchants that are stopped.</summary>
internal sealed class UploadIncidents(RequestTable requests) : IUploadIncidents
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

        return [.. incidents.OrderBy(incident => incident.Since)];
    }

    /// <inheritdoc/>
    public async Task<bool> ReopenAsync(string merchant, string by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return await requests.ReopenAsync(merchant, by, Words.Of("商户已恢复上报", "The merchant's uploads were reopened"));
    }
}
