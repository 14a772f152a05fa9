using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive;

/// <summary>What became of a delivery or a correction.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="PaymentId">The stored payment; 0 when there is none.</param>
/// <param name="Version">The version that counts now; 0 when nothing is stored.</param>
/// <param name="Sentence">Why nothing was stored, in both languages (see <see cref="Words"/>); empty otherwise. Names fields and order numbers, no other value.</param>
/// <param name="Flags">Things that a person should look at: <c>order_in_two_payments:ORDER</c>.</param>
/// <param name="WokenRequests">Requests of customs that waited for this and are due now.</param>
internal sealed record ArchiveResult(DeliveryOutcome Outcome, long PaymentId, int Version, string Sentence, IReadOnlyList<string> Flags, IReadOnlyList<long> WokenRequests);

/// <summary>The payment that counts for an order: the last successful one.</summary>
/// <param name="Payment">The payment, in the version that counts.</param>
/// <param name="InSeveralPayments">Its merchant has another payment with the same order.</param>
/// <param name="InSeveralMerchants">Another merchant has the same order number and nobody said which is meant: the payment is not to be used.</param>
internal sealed record OrderPayment(PaymentRecord Payment, bool InSeveralPayments, bool InSeveralMerchants);

/// <summary>A payment in a list: everything but its raw messages.</summary>
/// <param name="Id">Ours.</param>
/// <param name="Merchant">The merchant's name in the settings.</param>
/// <param name="PayTransactionId">交易流水号.</param>
/// <param name="Version">The version that counts.</param>
/// <param name="Facts">What it says.</param>
/// <param name="ReceivedAt">When the raw exchange was stored.</param>
/// <param name="Place">Where it stands in the list.</param>
internal sealed record PaymentSummary(long Id, string Merchant, string PayTransactionId, int Version, PaymentFacts? Facts, DateTimeOffset ReceivedAt, PaymentPlace Place)
{
    /// <summary>Why the facts cannot be read, in both languages; <see langword="null"/> when they can.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>An order that was paid lately.</summary>
/// <param name="Merchant">The merchant's name in the settings.</param>
/// <param name="OrderNo">The order.</param>
/// <param name="PaymentId">What paid it.</param>
/// <param name="Version">The version that counts.</param>
/// <param name="PaidAt">The greatest trading time of that payment's versions.</param>
internal sealed record RecentOrder(string Merchant, string OrderNo, long PaymentId, int Version, DateTimeOffset PaidAt);

/// <summary>A stored byte string whose SHA-256 is not the one that was computed when it arrived.</summary>
/// <param name="Table">Which table.</param>
/// <param name="Id">Which row: its id, or the request's id in <c>envelope</c>.</param>
/// <param name="Column">Which column.</param>
internal sealed record SumDifference(string Table, long Id, string Column)
{
    /// <summary>E.g. <c>payment 17 request</c>.</summary>
    public override string ToString() => $"{Table} {Id} {Column}";
}
