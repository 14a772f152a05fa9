namespace Erp.Customs.Module;

/// <summary>What holds uploads up: for screens, the health page and the integration API. The Upload room knows it.</summary>
internal interface IUploadIncidents
{
    /// <summary>Everything that holds uploads up now, the oldest first; each outage once, however many requests wait for its end.</summary>
    Task<IReadOnlyList<UploadIncident>> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A person lets a merchant's requests be uploaded again that was stopped, or has its closed signers tried again.</summary>
    /// <param name="merchant">The merchant's name in the settings.</param>
    /// <param name="by">Who decided it: a user or the name of an API key.</param>
    /// <returns><see langword="false"/> when it was not stopped and none of its signers closed.</returns>
    Task<bool> ReopenAsync(string merchant, string by);
}

/// <summary>Something that holds uploads up.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Merchant">Whose uploads; <see langword="null"/> for everybody's.</param>
/// <param name="Since">When it began.</param>
/// <param name="Waiting">How many requests wait for its end.</param>
/// <param name="Reason">The last reason in words, <c>中文 | English</c>, without personal data.</param>
/// <param name="NextProbeAt">When it is tried again whether it is over; <see langword="null"/> where only a person can end it.</param>
internal sealed record UploadIncident(UploadIncidentKind Kind, string? Merchant, DateTimeOffset Since, long Waiting, string Reason, DateTimeOffset? NextProbeAt);

/// <summary>What holds uploads up.</summary>
internal enum UploadIncidentKind
{
    /// <summary>停止上报: customs refuse every upload of the merchant alike; a person reopens it.</summary>
    MerchantStopped,

    /// <summary>签名设备故障: the merchant's signer does not answer, or one of several for which others stand in.</summary>
    SignerAway,

    /// <summary>签名设备停用: one of the merchant's signers met a wrong PIN while others sign; a person reopens it.</summary>
    SignerClosed,

    /// <summary>海关不可用: customs do not answer.</summary>
    CustomsAway,
}
