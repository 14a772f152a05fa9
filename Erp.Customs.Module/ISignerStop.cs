namespace Erp.Customs.Module;

/// <summary>Closes the signers of a merchant for everybody, when one has met a wrong PIN elsewhere. Filled by the room that uploads.</summary>
internal interface ISignerStop
{
    /// <summary>Stops the merchant until a person has reopened it, and tells people; where it is stopped already, nothing changes.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="reason">In words, <c>中文 | English</c>, without personal data.</param>
    Task StopAsync(string merchant, string reason);
}
