using Erp.Customs.Contracts;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Module.Archive;

/// <summary>
/// The one door through which payments come into the archive. What the ERP can mend is refused at the door, all of it named at once;
/// the raw exchange is evidence and is kept even where customs could not take it as it is.
/// </summary>
internal sealed class PaymentIntake(PaymentArchive archive, CustomsOptions options)
{
    /// <summary>Checks and stores a delivery. Requests that waited for it are named in the answer.</summary>
    public async Task<(DeliveryReceipt Receipt, IReadOnlyList<long> Woken)> DeliverAsync(PaymentDelivery delivery)
    {
        if (Check(delivery.Merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts, out var merchant, out var violations) is { } refusal)
        {
            return (refusal, []);
        }

        return Answer(await archive.AppendAsync(delivery with { Merchant = merchant.Name }), violations);
    }

    /// <summary>Checks and stores a correction.</summary>
    public async Task<(DeliveryReceipt Receipt, IReadOnlyList<long> Woken)> CorrectAsync(PaymentCorrection correction)
    {
        // The stored exchange is not read for the check: what stands in for it breaks no rule of its own.
        var stored = new RawMessage("-"u8.ToArray(), "utf-8");
        return Check(correction.Merchant, correction.PayTransactionId, stored, stored, correction.Facts, out var merchant, out var violations) is { } refusal
            ? (refusal, [])
            : Answer(await archive.CorrectAsync(correction with { Merchant = merchant.Name }), violations);
    }

    private DeliveryReceipt? Check(
        string merchantName, string payTransactionId, RawMessage request, RawMessage response, PaymentFacts facts, out MerchantOptions merchant, out IReadOnlyList<string> kept)
    {
        kept = [];
        if (!options.Merchants.TryGetValue(merchantName, out merchant!))
        {
            return Refused(Words.Of("merchant 不在 Customs:Merchants 设置中", "merchant is not one of the settings under Customs:Merchants"), []);
        }

        var violations = PayExchangeDraft.From(merchant, payTransactionId, request, response, facts, Guid.Empty).Violations;
        var ofEvidence = violations.Where(IsOfEvidence).Select(Sentence).ToList();
        var mendable = violations.Where(violation => !IsOfEvidence(violation)).Select(Sentence).ToList();
        if (request.Bytes.IsEmpty || response.Bytes.IsEmpty)
        {
            mendable.AddRange(ofEvidence);
        }

        var twice = facts.Orders.GroupBy(order => order.OrderNo, StringComparer.Ordinal).FirstOrDefault(orders => orders.Count() > 1)?.Key;
        if (twice is not null)
        {
            mendable.Add(Words.Of($"orders: 订单 {twice} 出现两次", $"orders: order {twice} stands twice"));
        }

        kept = ofEvidence;
        return mendable.Count == 0 ? null : Refused(string.Join("; ", mendable), mendable);
    }

    private static bool IsOfEvidence(FieldViolation violation) =>
        violation.Field is "payExchangeInfoHead.initalRequest" or "payExchangeInfoHead.initalResponse";

    private static string Sentence(FieldViolation violation) => Words.Of($"{violation.Field}: {violation.Sentence}", $"{violation.Field}: {violation.SentenceEn}");

    private static DeliveryReceipt Refused(string sentence, IReadOnlyList<string> violations) => new(DeliveryOutcome.Invalid, 0, sentence, violations, []);

    private static (DeliveryReceipt Receipt, IReadOnlyList<long> Woken) Answer(ArchiveResult result, IReadOnlyList<string> violations) =>
        (new DeliveryReceipt(result.Outcome, result.Version, result.Sentence, violations, result.Flags), result.WokenRequests);
}
