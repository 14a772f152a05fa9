namespace Erp.Customs.Module;

/// <summary>Closes a merchant's sign agents for everybody, when one of them has met a wrong PIN. Filled by the room that uploads.</summary>
internal interface ISignerStop
{
    /// <summary>Closes them until a person has reopened the merchant, and tells people; where they are closed already, nothing changes. When no other signer is open the merchant stops.</summary>
    /// <param name="merchant">Its name in the settings.</param>
    /// <param name="reason">In words, <c>中文 | English</c>, without personal data.</param>
    Task StopAgentsAsync(string merchant, string reason);
}
