using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Module.Archive;

/// <summary>
/// The one door through which payments come into the archive. What the ERP can mend is refused at the door, all of it named at once;
/// the raw exchange is evidence and is kept even where customs could not take it as it is.
/// </summary>
internal sealed class PaymentIntake(PaymentArchive archive, CaptureArchive captures, CustomsOptions options)
{
    /// <summary>Stands in for a raw exchange that is not at hand where only the facts are judged: it breaks no rule of its own.</summary>
    private static readonly RawMessage s_standIn = new("-"u8.ToArray(), "utf-8");

    /// <summary>Checks and stores a delivery. Requests that waited for it are named in the answer.</summary>
    public async Task<(DeliveryReceipt Receipt, IReadOnlyList<long> Woken)> DeliverAsync(PaymentDelivery delivery)
    {
        if (delivery.TradeNo is { } tradeNo)
        {
            return await DeliverCapturedAsync(delivery, tradeNo);
        }

        if (Check(delivery.Merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts, out var merchant, out var violations) is { } refusal)
        {
            return (refusal, []);
        }

        return Answer(await archive.AppendAsync(delivery with { Merchant = merchant.Name }), violations);
    }

    /// <summary>
    /// A delivery without its raw exchange: what was captured under its trade number becomes that. Where it is not there yet nothing is stored, because facts without
    /// evidence are no payment; the ERP, which has the facts, delivers again.
    /// </summary>
    private async Task<(DeliveryReceipt Receipt, IReadOnlyList<long> Woken)> DeliverCapturedAsync(PaymentDelivery delivery, string tradeNo)
    {
        if (!delivery.InitialRequest.Bytes.IsEmpty || !delivery.InitialResponse.Bytes.IsEmpty)
        {
            return (Refused(Words.Of("tradeNo 与原始报文只能提供一种", "either tradeNo or the raw exchange, not both"), []), []);
        }

        // The facts are judged first: an ERP need not wait for the capture to learn what it has to mend.
        if (Check(delivery.Merchant, delivery.PayTransactionId, s_standIn, s_standIn, delivery.Facts, out var merchant, out _) is { } refusal)
        {
            return (refusal, []);
        }

        var captured = await captures.FindExchangeAsync(merchant.Name, tradeNo);
        if (captured.Missing is { } missing)
        {
            return (new DeliveryReceipt(DeliveryOutcome.NotCaptured, 0, missing, [], []), []);
        }

        var whole = delivery with { Merchant = merchant.Name, InitialRequest = captured.Request!, InitialResponse = captured.Response! };
        if (Check(whole.Merchant, whole.PayTransactionId, whole.InitialRequest, whole.InitialResponse, whole.Facts, out _, out var violations) is { } unfit)
        {
            return (unfit, []);
        }

        var (receipt, woken) = Answer(await archive.AppendAsync(whole), violations);
        return (receipt with { Flags = [.. receipt.Flags, .. captured.Flags] }, woken);
    }

    /// <summary>Checks and stores a correction.</summary>
    public async Task<(DeliveryReceipt Receipt, IReadOnlyList<long> Woken)> CorrectAsync(PaymentCorrection correction)
    {
        return Check(correction.Merchant, correction.PayTransactionId, s_standIn, s_standIn, correction.Facts, out var merchant, out var violations) is { } refusal
            ? (refusal, [])
            : Answer(await archive.CorrectAsync(correction with { Merchant = merchant.Name }), violations);
    }

    /// <summary>What the ERP would have to mend before a delivery with its raw exchange is stored; each by the field that is wrong.</summary>
    public IReadOnlyList<FieldViolation> WhyNot(PaymentDelivery delivery) => options.Merchants.TryGetValue(delivery.Merchant, out var merchant)
        ? Judge(merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts).Mendable
        : [new FieldViolation("merchant", "不在 Customs:Merchants 设置中", "is not one of the settings under Customs:Merchants")];

    private DeliveryReceipt? Check(
        string merchantName, string payTransactionId, RawMessage request, RawMessage response, PaymentFacts facts, out MerchantOptions merchant, out IReadOnlyList<string> kept)
    {
        kept = [];
        if (!options.Merchants.TryGetValue(merchantName, out merchant!))
        {
            return Refused(Words.Of("merchant 不在 Customs:Merchants 设置中", "merchant is not one of the settings under Customs:Merchants"), []);
        }

        var (found, ofEvidence) = Judge(merchant, payTransactionId, request, response, facts);
        kept = [.. ofEvidence.Select(Sentence)];
        var mendable = found.Select(Sentence).ToList();
        return mendable.Count == 0 ? null : Refused(string.Join("; ", mendable), mendable);
    }

    /// <summary>What can be mended, and what is kept all the same because it is evidence.</summary>
    private static (List<FieldViolation> Mendable, List<FieldViolation> Kept) Judge(
        MerchantOptions merchant, string payTransactionId, RawMessage request, RawMessage response, PaymentFacts facts)
    {
        var violations = PayExchangeDraft.From(merchant, payTransactionId, request, response, facts, Guid.Empty).Violations;
        var ofEvidence = violations.Where(IsOfEvidence).ToList();
        var mendable = violations.Where(violation => !IsOfEvidence(violation)).ToList();
        if (request.Bytes.IsEmpty || response.Bytes.IsEmpty)
        {
            mendable.AddRange(ofEvidence);
        }

        var twice = facts.Orders.GroupBy(order => order.OrderNo, StringComparer.Ordinal).FirstOrDefault(orders => orders.Count() > 1)?.Key;
        if (twice is not null)
        {
            mendable.Add(new FieldViolation("orders", $"订单 {twice} 出现两次", $"order {twice} stands twice"));
        }

        return (mendable, ofEvidence);
    }

    private static bool IsOfEvidence(FieldViolation violation) =>
        violation.Field is "payExchangeInfoHead.initalRequest" or "payExchangeInfoHead.initalResponse";

    private static string Sentence(FieldViolation violation) => Words.Of($"{violation.Field}: {violation.Sentence}", $"{violation.Field}: {violation.SentenceEn}");

    private static DeliveryReceipt Refused(string sentence, IReadOnlyList<string> violations) => new(DeliveryOutcome.Invalid, 0, sentence, violations, []);

    private static (DeliveryReceipt Receipt, IReadOnlyList<long> Woken) Answer(ArchiveResult result, IReadOnlyList<string> violations) =>
        (new DeliveryReceipt(result.Outcome, result.Version, result.Sentence, violations, result.Flags), result.WokenRequests);
}
