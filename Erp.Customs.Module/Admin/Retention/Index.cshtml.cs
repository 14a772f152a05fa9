using System.Globalization;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;
using Quartz;

namespace Erp.Customs.Module.Admin.Retention;

/// <summary>保留与保全: how long data are kept, what the next run would erase, what the last ones did, and what a legal hold keeps.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retention)]
internal sealed class IndexModel(IRetention retention, ILegalHolds holds, TimeProvider time) : Screen
{
    /// <summary>Runs and holds that are listed. The default value is 50, the newest.</summary>
    private const int Listed = 50;

    /// <summary>Whether he may send this page's forms.</summary>
    public bool MayHold => Visitor.Permissions.Contains(CustomsPermissions.Retention);

    public IReadOnlyList<RetentionRun> Runs { get; private set; } = [];

    public IReadOnlyList<LegalHold> Holds { get; private set; } = [];

    /// <summary>Payments that are inside their term.</summary>
    public long InsideTerm { get; private set; }

    /// <summary>When retention runs next; <see langword="null"/> for never.</summary>
    public DateTimeOffset? NextRun { get; private set; }

    /// <summary>What a hold covers: the order, or the days.</summary>
    public static string Range(NewHold hold) => hold.OrderNo ?? $"{Shown(hold.From)} – {Shown(hold.Until?.AddDays(-1))}";

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        (Runs, Holds, InsideTerm) = (await retention.RunsAsync(Listed, stop), await holds.ListAsync(Listed, stop), await retention.CountInsideTermAsync(stop));
        NextRun = new CronExpression(Options.RetentionCron, ChinaTime.Zone).GetNextValidTimeAfter(time.GetUtcNow());
    }

    /// <summary>试算: counts what would go, and erases nothing.</summary>
    public async Task<IActionResult> OnPostTryAsync()
    {
        var run = await retention.TryAsync(HttpContext.RequestAborted);
        Tell(good: true, Words.Of(
            $"试算完成，未删除任何数据：到期支付 {run.Payments:N0} 笔、海关请求 {run.Requests:N0} 条、无主报文 {run.Captures:N0} 条；因请求未了或保全而保留 {run.Held:N0} 笔",
            $"Counted, nothing erased: {run.Payments:N0} payments, {run.Requests:N0} requests and {run.Captures:N0} captured messages are past their term; {run.Held:N0} payments stay for a request or a hold"));
        return RedirectToPage();
    }

    /// <summary>Places a hold.</summary>
    public async Task<IActionResult> OnPostHoldAsync(string? merchant, string? order, string? from, string? until, string? owner, string? reason)
    {
        var (first, last) = (Day(from), Day(until));
        var problem = (Filled(from) && first is null) || (Filled(until) && last is null)
            ? Words.Of("日期格式为 2026-11-26", "A day is written as 2026-11-26")
            : await holds.PlaceAsync(
                new NewHold(Visitor.Name, owner?.Trim() ?? "", reason?.Trim() ?? "")
                {
                    Merchant = Filled(merchant) ? merchant!.Trim() : null,
                    OrderNo = Filled(order) ? order!.Trim() : null,
                    From = first,
                    Until = last?.AddDays(1),
                },
                HttpContext.RequestAborted);
        Tell(problem is null, problem ?? Words.Of("保全已生效，所涉数据到期也不会删除", "The hold stands: what it covers is not erased though its term is over"));
        return RedirectToPage();
    }

    /// <summary>Lifts a hold.</summary>
    public async Task<IActionResult> OnPostLiftAsync(long id, string? reason)
    {
        var problem = await holds.LiftAsync(id, Visitor.Name, reason?.Trim() ?? "", HttpContext.RequestAborted);
        Tell(problem is null, problem ?? Words.Of("保全已解除，到期数据将在下次清理时删除", "The hold is lifted: what is past its term goes with the next run"));
        return RedirectToPage();
    }

    private static string Shown(DateTimeOffset? day) => day is { } there ? ChinaTime.ToScreen(there)[..10] : "…";

    private static bool Filled(string? text) => !string.IsNullOrWhiteSpace(text);

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, TimeOnly.MinValue, ChinaTime.Offset) : null;
}
