using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Retention;

/// <summary>交易完结: takes down what the ERP tells of the end of delivery and after-sales, from which a term may run longer, never shorter, than from the payment.</summary>
internal sealed class OrderEnds(CustomsDatabase database, CustomsOptions options, TimeProvider time) : IOrderEnds
{
    /// <summary>Characters of an order's number, and of who told. 128.</summary>
    private const int TextLimit = 128;

    /// <summary>How far ahead an end may lie: one that a typing mistake puts into another century would keep personal data as long. 366 days.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(366);

    private readonly OrderEndTable _table = new(database);

    /// <inheritdoc/>
    public async Task<string?> TellAsync(OrderEnd end, CancellationToken cancellationToken)
    {
        if (WhyNot(end) is { } problem)
        {
            return problem;
        }

        await _table.AddAsync(end, time.GetUtcNow()).WaitAsync(cancellationToken);
        return null;
    }

    private string? WhyNot(OrderEnd end) =>
        !options.Merchants.ContainsKey(end.Merchant) ? Words.Of($"merchant：没有商户 {end.Merchant}", $"merchant: there is no merchant {end.Merchant}")
        : end.OrderNo.Length is 0 or > TextLimit ? Words.Of($"orderNo：应为 1 至 {TextLimit} 个字符", $"orderNo: 1 to {TextLimit} characters")
        : !Enum.IsDefined(end.Kind) ? Words.Of("kind：应为 delivered 或 after_sales", "kind: delivered or after_sales")
        : end.ToldBy.Length is 0 or > TextLimit ? Words.Of($"toldBy：应为 1 至 {TextLimit} 个字符", $"toldBy: 1 to {TextLimit} characters")
        : end.EndedAt > time.GetUtcNow() + s_ahead ? Words.Of($"endedAt：不能晚于 {s_ahead.Days} 天以后", $"endedAt: no later than {s_ahead.Days} days from now")
        : null;
}
