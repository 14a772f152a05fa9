using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Bundles;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Integration;

/// <summary>The module's services to the ERP: in process through <see cref="ICustoms"/>, over HTTP through <see cref="IntegrationEndpoints"/>.</summary>
internal sealed class CustomsService(
    PaymentIntake intake, PaymentArchive archive, Answerable answerable, RequestTable requests, IOrderPushes pushes, IUploadIncidents incidents, ITestSigning signing, CaptureArchive captures, ArchiveVerifier verifier,
    EvidenceBundles bundles, IOrderEnds ends, UploadRelay relay, Signers signers, CustomsOptions options, TimeProvider time) : ICustoms
{
    public async Task<DeliveryReceipt> DeliverAsync(PaymentDelivery payment, CancellationToken cancellationToken)
    {
        var (receipt, woken) = await intake.DeliverAsync(payment).WaitAsync(cancellationToken);
        relay.Offer(woken);
        return receipt;
    }

    public async Task<DeliveryReceipt> CorrectAsync(PaymentCorrection correction, CancellationToken cancellationToken)
    {
        var (receipt, woken) = await intake.CorrectAsync(correction).WaitAsync(cancellationToken);
        relay.Offer(woken);
        return receipt;
    }

    public async Task<RequestStatus?> FindRequestAsync(string sessionId, CancellationToken cancellationToken) =>
        await requests.FindBySessionAsync(sessionId, cancellationToken) is { } request ? await StatusAsync(request, cancellationToken) : null;

    public async Task<OrderStatus?> FindOrderAsync(string orderNo, string? merchant, CancellationToken cancellationToken)
    {
        var found = await archive.FindForOrderAsync(orderNo, merchant, cancellationToken);
        if (found is null or { InSeveralMerchants: true })
        {
            return null;
        }

        var payment = found.Payment;
        var asked = new List<RequestStatus>();
        foreach (var request in await requests.FindByOrderAsync(orderNo, cancellationToken))
        {
            if (request.Merchant is null || request.Merchant == payment.Merchant)
            {
                asked.Add(await StatusAsync(request, cancellationToken));
            }
        }

        return new OrderStatus(
            orderNo,
            payment.Merchant,
            payment.PayTransactionId,
            payment.Version,
            payment.Facts.TotalAmount,
            payment.Facts.Currency,
            payment.Facts.TradingTime,
            Convert.ToHexStringLower(payment.InitialRequest.Sha256),
            Convert.ToHexStringLower(payment.InitialResponse.Sha256),
            found.InSeveralPayments ? ["order_in_two_payments"] : [],
            answerable.Violations(payment),
            asked);
    }

    public async Task<string?> UploadTestAsync(string orderNo, string? merchant, CancellationToken cancellationToken)
    {
        var found = await archive.FindForOrderAsync(orderNo, merchant, cancellationToken);
        if (found is null or { InSeveralMerchants: true })
        {
            return null;
        }

        var sessionId = $"test-{Guid.NewGuid():D}";
        var now = time.GetUtcNow();
        var (_, id) = await requests.InsertAsync(new NewRequest(
            sessionId, orderNo, found.Payment.Merchant, RequestPurpose.Test, "", [], now, now + options.Deadline)).WaitAsync(cancellationToken);
        relay.Offer(id);
        return sessionId;
    }

    public Task<bool> ReopenUploadsAsync(string merchant, string by, CancellationToken cancellationToken) => incidents.ReopenAsync(merchant, by).WaitAsync(cancellationToken);

    public Task<IReadOnlyList<SigningTest>?> TestSigningAsync(string merchant, CancellationToken cancellationToken) => signing.SignAsync(merchant, cancellationToken);

    public async Task<CertificateToRegister?> CertificateAsync(string merchant, string? certNo, CancellationToken cancellationToken)
    {
        if (!options.Merchants.TryGetValue(merchant, out var known))
        {
            return null;
        }

        try
        {
            foreach (var signer in signers.Of(known.Name))
            {
                var certificate = await signer.CertificateAsync(cancellationToken);
                if (certNo is null || certificate.CertNo.Equals(certNo, StringComparison.OrdinalIgnoreCase))
                {
                    return new CertificateToRegister(certificate.CertNo, known.EbpCode, $"{known.Name}-{certificate.CertNo}.cer", certificate.Der);
                }
            }

            return null;
        }
        catch (SignerException problem)
        {
            throw new InvalidOperationException(problem.Message, problem);
        }
    }

    public Task<PushReceipt> PushOrderAsync(OrderPush push, CancellationToken cancellationToken) => pushes.PushAsync(push, cancellationToken);

    public Task<PushStatus?> FindPushAsync(string orderNo, string? merchant, CancellationToken cancellationToken) => pushes.FindAsync(orderNo, merchant, cancellationToken);

    public Task<bool> ReopenPushesAsync(string merchant, string by, CancellationToken cancellationToken) => pushes.ReopenAsync(merchant, by, cancellationToken);

    public Task<string?> EndOrderAsync(OrderEnd end, CancellationToken cancellationToken) => ends.TellAsync(end, cancellationToken);

    public Task<IReadOnlyList<CaptureStatus>> FindCapturesAsync(string merchant, string tradeNo, CancellationToken cancellationToken) =>
        captures.ListAsync(merchant, tradeNo, cancellationToken);

    public Task<ArchiveSums> RecomputeSumsAsync(IProgress<ArchiveSumsProgress>? progress, CancellationToken cancellationToken) =>
        archive.RecomputeSumsAsync(progress, cancellationToken);

    public Task<ArchiveVerification> VerifyArchiveAsync(ArchiveRange range, IProgress<ArchiveVerificationProgress>? progress, CancellationToken cancellationToken) =>
        verifier.VerifyAsync(range, progress, cancellationToken);

    public async Task<EvidenceBundle> ExportEvidenceAsync(string orderNo, string? merchant, string user, string reason, CancellationToken cancellationToken) =>
        ClearAccess.WhyNot(reason) is { } problem
            ? new EvidenceBundle("", ReadOnlyMemory<byte>.Empty, problem)
            : await bundles.MakeAsync(orderNo, merchant, new ClearReader(user, reason.Trim()), cancellationToken);

    private async Task<RequestStatus> StatusAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        var envelope = await requests.EnvelopeAsync(request.Id, cancellationToken);
        return new RequestStatus(
            request.SessionId,
            request.OrderNo,
            request.Merchant,
            RequestStates.Word(request.State),
            request.Reason,
            request.Attempts,
            request.ReceivedAt,
            request.Deadline,
            request.SignedAt,
            request.FinishedAt,
            request.NextAttemptAt,
            envelope?.CertNo,
            request.CustomsCode,
            request.CustomsMessage,
            envelope is null ? null : Convert.ToHexStringLower(envelope.PayloadSha256));
    }
}
