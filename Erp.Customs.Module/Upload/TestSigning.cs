using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <inheritdoc/>
internal sealed class TestSigning(SignerGate gate, RequestTable requests, PersonNotice persons, Signers signers, CustomsOptions options, TimeProvider time) : ITestSigning
{
    /// <summary>Nobody could take it for a report to customs: neither an order nor a payment stands in it.</summary>
    private const string Harmless = """{"test":"Erp.Customs 试签名"}""";

    /// <inheritdoc/>
    public async Task<SigningTest?> SignAsync(string merchant, CancellationToken cancellationToken)
    {
        if (!options.Merchants.TryGetValue(merchant, out var known))
        {
            return null;
        }

        var began = time.GetTimestamp();
        try
        {
            var signature = await gate.SignAsync(known.Name, new SigningRequest("test", Harmless, "[]", time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
            var took = time.GetElapsedTime(began);
            var certificate = await signers.For(known.Name).CertificateAsync(cancellationToken);
            var check = SignatureCheck.Verify(SignText.Compose("test", Harmless, "[]", signature.ServiceTime), signature, time.GetUtcNow());
            return new(
                check.Ok, known.Signing.Kind, certificate.Scheme, certificate.CertNo, certificate.NotBefore, certificate.NotAfter, took,
                check.Ok ? Words.Of("签名并验证成功", "Signed and verified") : Words.Of($"本地验签未通过：{check.Sentence}", $"The local check of the signature failed: {check.Sentence}"));
        }
        catch (SignerException problem)
        {
            if (problem.Failure == SignerFailure.Pin)
            {
                await requests.StopMerchantAsync(known.Name, UploadStop.Pin, problem.Message, persons.OfStop(known.Name, problem.Message));
            }

            return new(false, known.Signing.Kind, "", "", null, null, time.GetElapsedTime(began), problem.Message);
        }
    }
}
