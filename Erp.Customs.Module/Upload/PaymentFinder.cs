using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Upload;

/// <summary>取数: finds the payment that a request asks for: in the archive, else through the host's order port.</summary>
internal sealed class PaymentFinder(PaymentArchive archive, PaymentIntake intake, CustomsOptions options, TimeProvider time, ILogger<PaymentFinder> logger, IOrderSource? orders = null)
{
    /// <summary>How long the host may take for an order. The default value is 10 seconds.</summary>
    private static readonly TimeSpan OrderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Finds it.</summary>
    /// <exception cref="UploadFailure">There is none (yet), or it is not clear whose it is.</exception>
    public async Task<(PaymentRecord Payment, MerchantOptions Merchant)> FindAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        var found = await archive.FindForOrderAsync(request.OrderNo, request.Merchant, cancellationToken);
        if (found is null)
        {
            var refused = await AskHostAsync(request, cancellationToken);
            found = await archive.FindForOrderAsync(request.OrderNo, request.Merchant, cancellationToken)
                ?? throw new UploadFailure(UploadEvent.NoData, FailureClass.Data, refused ?? Words.Of("订单的支付数据尚未送达", "The order's payment has not been delivered yet"));
        }

        if (found.InSeveralMerchants)
        {
            throw UploadFailure.NeedsPerson(FailureClass.Data, Words.Of(
                "多个商户都有该订单号，而海关调用的地址未指明商户", "Several merchants have this order number, and the address that customs called names none"));
        }

        return options.Merchants.TryGetValue(found.Payment.Merchant, out var merchant)
            ? (found.Payment, merchant)
            : throw UploadFailure.NeedsPerson(FailureClass.Data, Words.Of(
                $"商户 {found.Payment.Merchant} 已不在 Customs:Merchants 设置中", $"Merchant {found.Payment.Merchant} is no longer in the settings under Customs:Merchants"));
    }

    /// <summary>Asks the host; what it knows goes through the same door as any delivery.</summary>
    /// <returns>Why what the host gave could not be stored; <see langword="null"/> otherwise.</returns>
    private async Task<string?> AskHostAsync(CustomsRequest request, CancellationToken cancellationToken)
    {
        if (orders is null)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(OrderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        PaymentDelivery? delivery;
        try
        {
            // A host that does not heed the token must not keep a worker for ever.
            delivery = await orders.FindPaymentAsync(request.OrderNo, request.Merchant, either.Token).WaitAsync(either.Token);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("The host's orders could not be asked for request {RequestId}: {Problem}", request.Id, problem.GetType().Name);
            return Words.Of("向 ERP 取订单时出错，稍后重试", "The ERP failed when it was asked for the order; it is asked again");
        }

        if (delivery is null)
        {
            return null;
        }

        var (receipt, _) = await intake.DeliverAsync(delivery);
        return receipt.Outcome is DeliveryOutcome.Stored or DeliveryOutcome.AlreadyStored
            ? null
            : Words.Of($"ERP 给出的支付数据未能入库：{Words.In(receipt.Sentence, english: false)}", $"The payment that the ERP gave was not stored: {Words.In(receipt.Sentence, english: true)}");
    }
}
