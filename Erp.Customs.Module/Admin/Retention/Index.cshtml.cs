using System.Globalization;
using Erp.Customs.Module.Admin.Operations;
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

    /// <summary>What is inside its term.</summary>
    public KeptInTerm Kept { get; private set; } = new(0, 0, 0, 0, null, null);

    /// <summary>The run that goes on; <see langword="null"/> when none does.</summary>
    public RetentionRun? Running => Runs.FirstOrDefault(run => run.EndedAt is null && run.Id == retention.Running);

    /// <summary>Why the clock is not believed and nothing is erased, <c>中文 | English</c>; empty when it is.</summary>
    public string Doubt => Runs is [var newest, ..] ? newest.Doubt : "";

    /// <summary>When retention runs next; <see langword="null"/> for never.</summary>
    public DateTimeOffset? NextRun { get; private set; }

    /// <summary>What else a person should know of a run.</summary>
    public static string Remark(RetentionRun run, ScreenWords say) =>
        run.Doubt.Length > 0 ? say["时钟存疑，未删除", "Clock in doubt, nothing erased"]
        : run.ConfirmedBy.Length > 0 ? say[$"{run.ConfirmedBy} 确认时钟无误", $"{run.ConfirmedBy} confirmed the clock"]
        : run.Traces ? say["有读取占用，删除痕迹将随数据库日志清空", "Somebody read: traces go when the database's log is next emptied"]
        : "";

    /// <summary>What a hold covers: the order, or the days.</summary>
    public static string Range(NewHold hold) => hold.OrderNo ?? $"{Shown(hold.From)} – {Shown(hold.Until?.AddDays(-1))}";

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        (Runs, Holds, Kept) = (await retention.RunsAsync(Listed, stop), await holds.ListAsync(Listed, stop), await retention.KeptAsync(stop));
        NextRun = new CronExpression(Options.RetentionCron, Options.RetentionZone).GetNextValidTimeAfter(time.GetUtcNow());
    }

    /// <summary>试算: counts what would go, and erases nothing.</summary>
    [Operation("试算到期删除", "Count what is past its term")]
    public Task<IActionResult> OnPostTryAsync() => TryAsync(confirmedBy: "");

    /// <summary>时钟无误: what was held back because the clock was in doubt goes with the next run; counted first.</summary>
    [Operation("确认时钟无误", "Confirm the clock")]
    public Task<IActionResult> OnPostConfirmAsync() => TryAsync(Visitor.Name);

    /// <summary>Places a hold.</summary>
    [Operation("设置保全", "Place a hold", "merchant", "order", "from", "until")]
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
    [Operation("解除保全", "Lift a hold", "id")]
    public async Task<IActionResult> OnPostLiftAsync(long id, string? reason)
    {
        var problem = await holds.LiftAsync(id, Visitor.Name, reason?.Trim() ?? "", HttpContext.RequestAborted);
        Tell(problem is null, problem ?? Words.Of("保全已解除，到期数据将在下次清理时删除", "The hold is lifted: what is past its term goes with the next run"));
        return RedirectToPage();
    }

    /// <summary>Amounts with their currencies in words.</summary>
    public string Amounts(RetentionRun run) => string.Join("、", run.Amounts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(sum => sum.Split('=')).Select(sum => $"{sum[1]} {Say.Currency(sum[0])}"));

    private async Task<IActionResult> TryAsync(string confirmedBy)
    {
        var run = await retention.TryAsync(confirmedBy, HttpContext.RequestAborted);
        var (worth, onHold) = (Amounts(run) is { Length: > 0 } amounts ? $"（{amounts}）" : "", run.OnHold > 0);
        Tell(good: run.Doubt.Length == 0, Words.Of(
            $"试算完成，未删除任何数据：到期支付 {run.Payments:N0} 笔{worth}、海关请求 {run.Requests:N0} 条、无主报文 {run.Captures:N0} 条、推单 {run.Pushes:N0} 笔；保留 {run.Held:N0} 笔{(onHold ? $"，其中保全 {run.OnHold:N0} 笔" : "")}",
            $"Counted, nothing erased: {run.Payments:N0} payments{worth}, {run.Requests:N0} requests, {run.Captures:N0} captured messages and {run.Pushes:N0} pushed orders are past their term; {run.Held:N0} payments stay{(onHold ? $", {run.OnHold:N0} of them for a hold" : "")}"));
        return RedirectToPage();
    }

    private static string Shown(DateTimeOffset? day) => day is { } there ? ChinaTime.ToScreen(there)[..10] : "…";

    private static bool Filled(string? text) => !string.IsNullOrWhiteSpace(text);

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, TimeOnly.MinValue, ChinaTime.Offset) : null;
}
