namespace Erp.Customs.Module.Signing;

/// <summary>Local verification of a signature with its certificate, before it is used. Customs' 10000 does not prove that anybody looked.</summary>
internal static class SignatureCheck
{
    /// <summary>Verifies; any unusable input is a failed check with its reason, never an exception.</summary>
    /// <param name="signText">See <see cref="SignText"/>.</param>
    /// <param name="signature">What the signer answered.</param>
    /// <param name="now">For the certificate's validity.</param>
    public static SignatureCheckResult Verify(string signText, Signature signature, DateTimeOffset now) => throw new NotSupportedException();
}

/// <summary>How a signature check came out.</summary>
/// <param name="Ok">Whether the signature may be used.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3; empty when the certificate could not be read.</param>
/// <param name="Sentence">What is wrong; empty when nothing is.</param>
internal sealed record SignatureCheckResult(bool Ok, string Scheme, string Sentence);
