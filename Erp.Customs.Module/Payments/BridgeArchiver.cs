using System.Globalization;
using System.Security.Cryptography;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// Makes the evidence of an order that was paid through the bridge: its own exchange with the bridge, unless the ERP has delivered a payment exchange for the order, which wins.
/// </summary>
internal sealed class BridgeArchiver(BridgeTable orders, PaymentArchive archive, PaymentIntake intake, UploadRelay relay)
{
    private const string Cny = "142";

    /// <summary>Stores it; doing it twice stores it once.</summary>
    public async Task<BridgeChange> StoreAsync(BridgeOrder order, string merchant, BridgeMerchantOptions settings, CancellationToken cancellationToken)
    {
        var pushed = await ExchangeAsync(order.TakenExchangeId, cancellationToken);
        var told = await ExchangeAsync(order.PaidExchangeId, cancellationToken);
        if (await archive.FindForOrderAsync(order.OrderNo, merchant, cancellationToken) is { } found
            && !found.Payment.InitialRequest.Sha256.AsSpan().SequenceEqual(SHA256.HashData(pushed.Request)))
        {
            var flags = order.Flags.With(BridgeFlags.ErpPayment);
            // What was paid together has one amount for several orders, which says nothing about one of them.
            var differs = found.Payment.Facts is { Orders.Count: 1 } facts && facts.TotalAmount != Amount(pushed);
            return Done(order, "erp", differs ? flags.With(BridgeFlags.AmountDiffers) : flags);
        }

        if (order.PaidAt is not { } paidAt)
        {
            return NotStored(order, Words.Of("资方未给出可读的 PayTime，无法存证", "The bridge gave no PayTime that can be read: nothing could be stored"));
        }

        var (receipt, woken) = await intake.DeliverAsync(Delivery(order, merchant, settings, pushed, told, paidAt));
        if (receipt.Outcome is not (DeliveryOutcome.Stored or DeliveryOutcome.AlreadyStored))
        {
            return NotStored(order, Words.Of(
                $"支付数据未能存证：{Words.In(receipt.Sentence, english: false)}", $"The payment was not stored: {Words.In(receipt.Sentence, english: true)}"));
        }

        relay.Offer(woken);
        return Done(order, "bridge", order.Flags);
    }

    /// <summary>
    /// initalRequest is the JSON of PushOrder's form field <c>data</c>, as it was saved before it was sent: of the push that the bridge took, which is not the last one where an update
    /// came too late. The form around it (<c>data=</c>, percent-encoding) is transport and differs from client to client. initalResponse is the body of the GetOrder reply that told of payment
    /// and declaration, as received. The amount is the one in that push.
    /// </summary>
    private static PaymentDelivery Delivery(
        BridgeOrder order, string merchant, BridgeMerchantOptions settings, BridgeExchange pushed, BridgeExchange told, DateTimeOffset paidAt) => new(
        merchant,
        order.PaymentNo!,
        new RawMessage(pushed.Request, "utf-8"),
        new RawMessage(told.Reply, "utf-8"),
        new PaymentFacts(
            settings.PayCode,
            Amount(pushed),
            Cny,
            settings.VerDept,
            settings.PayType,
            paidAt,
            Note: "",
            [new PaidOrder(order.OrderNo, PushContent.Read(order).Goods, settings.RecpAccount, settings.RecpCode, settings.RecpName)]));

    private static decimal Amount(BridgeExchange pushed) => decimal.Parse(BridgeFields.Read(pushed.Request)!["OrderTotal"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static BridgeChange Done(BridgeOrder order, string archived, IReadOnlyList<string> flags) =>
        new(BridgeState.Done, order.Code, "", flags.Without(BridgeFlags.NotArchived), NextAttemptAt: null) { Archived = archived };

    private static BridgeChange NotStored(BridgeOrder order, string reason) =>
        new(BridgeState.Done, order.Code, reason, order.Flags.With(BridgeFlags.NotArchived), NextAttemptAt: null);

    private async Task<BridgeExchange> ExchangeAsync(long? id, CancellationToken cancellationToken) =>
        await orders.ExchangeAsync(id ?? 0, cancellationToken) ?? throw new InvalidOperationException("An order is paid and declared without the exchanges that say so.");
}
