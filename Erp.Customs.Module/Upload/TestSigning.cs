using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing;

namespace Erp.Customs.Module.Upload;

/// <inheritdoc/>
internal sealed class TestSigning(SignerGate gate, Signers signers, CustomsOptions options, TimeProvider time) : ITestSigning
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<SigningTest>?> SignAsync(string merchant, CancellationToken cancellationToken)
    {
        if (!options.Merchants.TryGetValue(merchant, out var known))
        {
            return null;
        }

        var tests = new List<SigningTest>();
        foreach (var signer in signers.Of(known.Name))
        {
            tests.Add(await SignAsync(known.Name, signer, cancellationToken));
        }

        return tests;
    }

    private async Task<SigningTest> SignAsync(string merchant, ISigner signer, CancellationToken cancellationToken)
    {
        var request = HarmlessText.At(time.GetUtcNow());
        var began = time.GetTimestamp();
        try
        {
            var signature = await gate.SignAsync(merchant, signer, request, cancellationToken);
            var took = time.GetElapsedTime(began);
            var certificate = await signer.CertificateAsync(cancellationToken);
            var check = SignatureCheck.Verify(HarmlessText.TextOf(request, signature), signature, time.GetUtcNow());
            return new(
                check.Ok, signer.Kind, signer.Name, certificate.Scheme, certificate.CertNo, certificate.NotBefore, certificate.NotAfter, took,
                check.Ok ? Words.Of("签名并验证成功", "Signed and verified") : Words.Of($"本地验签未通过：{check.Sentence}", $"The local check of the signature failed: {check.Sentence}"));
        }
        catch (SignerException problem)
        {
            return new(false, signer.Kind, signer.Name, "", "", null, null, time.GetElapsedTime(began), problem.Message);
        }
    }
}
