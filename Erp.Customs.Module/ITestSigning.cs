using Erp.Customs.Contracts;

namespace Erp.Customs.Module;

/// <summary>试签名: for screens and the integration API. The Upload room does it, since a wrong PIN there closes the card for everybody too.</summary>
internal interface ITestSigning
{
    /// <summary>Has each of a merchant's signers sign a harmless text and verifies it.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>One test for each signer in order of preference; <see langword="null"/> when there is no such merchant.</returns>
    Task<IReadOnlyList<SigningTest>?> SignAsync(string merchant, CancellationToken cancellationToken);
}
