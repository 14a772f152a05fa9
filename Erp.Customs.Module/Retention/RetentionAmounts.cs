using System.Collections.Immutable;
using System.Globalization;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Retention;

/// <summary>Amounts by currency, as they stand in <c>retention_run</c>: <c>142=31000.5 502=20</c>. A batch may be done again after it was taken back, so sums are made anew and never changed.</summary>
internal sealed class RetentionAmounts
{
    /// <summary>Of no payment.</summary>
    public static readonly RetentionAmounts None = new(ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, decimal> _sums;

    private RetentionAmounts(ImmutableSortedDictionary<string, decimal> sums) => _sums = sums;

    /// <summary>With more payments.</summary>
    public RetentionAmounts With(IEnumerable<PaymentFacts> payments) =>
        new(payments.Aggregate(_sums, (sums, facts) => sums.SetItem(facts.Currency, sums.GetValueOrDefault(facts.Currency) + facts.TotalAmount)));

    public override string ToString() => string.Join(' ', _sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key}={sum.Value:0.#####}")));
}
