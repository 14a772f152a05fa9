using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing;

namespace Erp.Customs.Module.Upload;

/// <inheritdoc/>
internal sealed class TestSigning(SignerGate gate, Signers signers, CustomsOptions options, TimeProvider time) : ITestSigning
{
    /// <inheritdoc/>
    public async Task<SigningTest?> SignAsync(string merchant, CancellationToken cancellationToken)
    {
        if (!options.Merchants.TryGetValue(merchant, out var known))
        {
            return null;
        }

        var request = HarmlessText.At(time.GetUtcNow());
        var began = time.GetTimestamp();
        try
        {
            var signature = await gate.SignAsync(known.Name, request, cancellationToken);
            var took = time.GetElapsedTime(began);
            var certificate = await signers.For(known.Name).CertificateAsync(cancellationToken);
            var check = SignatureCheck.Verify(HarmlessText.TextOf(request, signature), signature, time.GetUtcNow());
            return new(
                check.Ok, known.Signing.Kind, certificate.Scheme, certificate.CertNo, certificate.NotBefore, certificate.NotAfter, took,
                check.Ok ? Words.Of("签名并验证成功", "Signed and verified") : Words.Of($"本地验签未通过：{check.Sentence}", $"The local check of the signature failed: {check.Sentence}"));
        }
        catch (SignerException problem)
        {
            if (problem.Failure == SignerFailure.Pin)
            {
                await gate.StopAsync(known.Name, problem.Message);
            }

            return new(false, known.Signing.Kind, "", "", null, null, time.GetElapsedTime(began), problem.Message);
        }
    }
}
