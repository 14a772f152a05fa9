using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Retention;

/// <summary>
/// 法定保全: keeps an order, or everything of a time, from being erased though its term is over (a lawsuit, an audit), until a person lifts it. Both are sealed like the records themselves.
/// </summary>
internal sealed class LegalHolds(HoldTable table, Sealer sealer, CustomsOptions options, TimeProvider time, ILogger<LegalHolds> logger) : ILegalHolds
{
    /// <inheritdoc/>
    public async Task<string?> PlaceAsync(NewHold hold, CancellationToken cancellationToken)
    {
        if (WhyNot(hold) is { } problem)
        {
            return problem;
        }

        var id = await table.PlaceAsync(hold, time.GetUtcNow());
        logger.LogInformation("{User} placed legal hold {HoldId}", hold.By, id);
        await sealer.SealAsync(cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public async Task<string?> LiftAsync(long id, string by, string reason, CancellationToken cancellationToken)
    {
        if (OfText(reason, "解除原因", "the reason for lifting it") is { } problem)
        {
            return problem;
        }

        if (!await table.LiftAsync(id, by, reason, time.GetUtcNow()))
        {
            return Words.Of("该保全不存在或已解除，未作任何更改", "There is no such hold, or it is lifted already; nothing was changed");
        }

        logger.LogInformation("{User} lifted legal hold {HoldId}", by, id);
        await sealer.SealAsync(cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LegalHold>> ListAsync(int limit, CancellationToken cancellationToken) => table.ListAsync(limit, cancellationToken);

    private string? WhyNot(NewHold hold) =>
        OfText(hold.Owner, "责任人", "who answers for it") ?? OfText(hold.Reason, "保全原因", "the reason")
        ?? (hold.Merchant is { } merchant && !options.Merchants.ContainsKey(merchant) ? Words.Of($"没有商户 {merchant}", $"There is no merchant {merchant}")
        : hold.OrderNo is null && hold.From is null && hold.Until is null ? Words.Of("请填写订单号，或起止日期", "Name an order, or the days from and until")
        : hold.OrderNo is not null && (hold.From is not null || hold.Until is not null) ? Words.Of("订单号与起止日期只能填写其一", "Name an order or days, not both")
        : hold.OrderNo is { Length: > 128 } ? Words.Of("订单号最多 128 个字", "An order number has 128 characters at most")
        : hold.From >= hold.Until ? Words.Of("起始日期须早于截止日期", "The first day must be before the last")
        : null);

    private static string? OfText(string text, string zh, string en) =>
        text.Length == 0 ? Words.Of($"请填写{zh}", $"Say {en}")
        : text.Length > NewHold.TextLimit ? Words.Of($"{zh}最多 {NewHold.TextLimit} 个字", $"{en} may have {NewHold.TextLimit} characters at most")
        : null;
}
