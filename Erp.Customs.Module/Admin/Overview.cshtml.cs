using System.Globalization;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Charts;
using Erp.Customs.Module.Admin.Readiness;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Storage;
using Quartz;

namespace Erp.Customs.Module.Admin;

/// <summary>总览: how ready the module is, how today and the last 30 days went, how requests and pushed orders stand, its lights, and the newest requests.</summary>
[Needs(CustomsPermissions.View)]
internal sealed class OverviewModel(
    RequestTable requests, BridgeTable pushes, DaySums days, EvidenceTable evidence, Sealer sealer, ReadinessCheck readiness, IUploadIncidents incidents, SelfChecks checks, TimeProvider time) : Screen
{
    /// <summary>Rows shown. The default value is 10.</summary>
    private const int Newest = 10;

    public ReadinessReport Readiness { get; private set; } = null!;

    public IReadOnlyDictionary<RequestState, long> Counts { get; private set; } = new Dictionary<RequestState, long>();

    public IReadOnlyDictionary<BridgeState, long> Pushes { get; private set; } = new Dictionary<BridgeState, long>();

    public IReadOnlyList<CustomsRequest> Rows { get; private set; } = [];

    public IReadOnlyList<SelfCheck> Checks { get; private set; } = [];

    /// <summary>What holds uploads up now, each outage once.</summary>
    public IReadOnlyList<UploadIncident> Incidents { get; private set; } = [];

    /// <summary>How long customs waited for answers in the last 24 hours.</summary>
    public ElapsedFigures? LastDay { get; private set; }

    /// <summary>The last 30 days, today last.</summary>
    public IReadOnlyList<DaySum> Days { get; private set; } = [];

    /// <summary>Today so far.</summary>
    public DaySum Today => Days[^1];

    /// <summary>How many of today's requests that have ended customs accepted, 0 to 1; <see langword="null"/> where none has ended.</summary>
    public double? Success => Today.Requests - Today.Unfinished is > 0 and var ended ? (double)Today.Accepted / ended : null;

    /// <summary>When the request came that has waited longest; <see langword="null"/> when none waits.</summary>
    public DateTimeOffset? OldestOpen { get; private set; }

    /// <summary>Why requests of the last 30 days failed, and how many.</summary>
    public IReadOnlyList<(FailureClass Failure, long Count)> Failures { get; private set; } = [];

    /// <summary>Until when everything is sealed, and the last number.</summary>
    public (DateTimeOffset Until, long Number) Sealed { get; private set; }

    /// <summary>When retention runs next; <see langword="null"/> for never.</summary>
    public DateTimeOffset? NextRetention { get; private set; }

    /// <summary>How long since a time, in the largest unit that fits.</summary>
    public string Since(DateTimeOffset then) => (time.GetUtcNow() - then) switch
    {
        { TotalMinutes: < 2 } passed => Say[$"{passed.TotalSeconds:N0} 秒", $"{passed.TotalSeconds:N0} s"],
        { TotalHours: < 2 } passed => Say[$"{passed.TotalMinutes:N0} 分钟", $"{passed.TotalMinutes:N0} min"],
        { TotalDays: < 2 } passed => Say[$"{passed.TotalHours:N0} 小时", $"{passed.TotalHours:N0} h"],
        var passed => Say[$"{passed.TotalDays:N0} 天", $"{passed.TotalDays:N0} days"],
    };

    /// <summary>The charts.</summary>
    public IEnumerable<DayChart> Charts()
    {
        // A day that has not been summed up yet has no bar.
        var dates = days.Shown;
        var byDay = Days.ToDictionary(day => day.Day);
        var total = Days.Sum(day => day.Requests);
        yield return new DayChart(
            "requests-by-day",
            Say["海关请求：每日数量与结果", "Requests of customs by day and outcome"],
            Say[$"{dates.Count} 天共 {total:N0} 条，已受理 {Days.Sum(day => day.Accepted):N0} 条", $"{total:N0} in {dates.Count} days, {Days.Sum(day => day.Accepted):N0} of them accepted"],
            dates,
            [
                new(Say["已受理", "Accepted"], "green", Of(day => day.Accepted)), new(Say["未结束", "Not ended"], "blue", Of(day => day.Unfinished)),
                new(Say["被退回或会话已用", "Refused or session used"], "red", Of(day => day.Refused)), new(Say["需处理", "Needs a person"], "orange", Of(day => day.ForPerson)),
            ]);

        // From 10 ms to twice the deadline, each power of ten as high as the other: what is well within it is seen as well as what is not.
        var deadline = Options.Deadline.TotalSeconds;
        var slowest = Days.Max(day => day.P95);
        yield return new DayChart(
            "p95-by-day",
            Say["应答用时 p95 与期限（秒，对数刻度）", "Time to answer, p95, and the deadline (seconds, logarithmic)"],
            slowest is { } worst
                ? Say[$"最慢一天的 p95 为 {Seconds(worst.TotalSeconds)} 秒，期限 {deadline:N0} 秒", $"p95 of the slowest day {Seconds(worst.TotalSeconds)} s, the deadline is {deadline:N0} s"]
                : Say["没有已受理的请求", "No request was accepted"],
            dates,
            [new(Say["p95（秒）", "p95 (s)"], "blue", [.. dates.Select(date => byDay.GetValueOrDefault(date)?.P95?.TotalSeconds)])])
        {
            Scale = value => Math.Log(Math.Max(value, 0.01) / 0.01) / Math.Log(2 * deadline / 0.01),
            Lines = [(0.1, "0.1", "grid"), (1, "1", "grid"), (10, "10", "grid"), (deadline, Say[$"期限 {deadline:N0}", $"deadline {deadline:N0}"], "limit")],
            Write = Seconds,
        };
        yield return new DayChart(
            "payments-by-day",
            Say["入库的支付：每日数量", "Payments that came into the archive by day"],
            Say[$"{dates.Count} 天共 {Days.Sum(day => day.Payments):N0} 笔", $"{Days.Sum(day => day.Payments):N0} in {dates.Count} days"],
            dates,
            [new(Say["支付", "Payments"], "blue", Of(day => day.Payments))]);

        IReadOnlyList<double?> Of(Func<DaySum, long> value) => [.. dates.Select(date => byDay.TryGetValue(date, out var day) ? (double?)value(day) : null)];

        static string Seconds(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
    }

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        Readiness = await readiness.RunAsync(stop);
        Counts = await requests.CountByStateAsync(new RequestSearch { Ignored = false }, stop);
        Pushes = await pushes.CountByStateAsync(new BridgeSearch(), stop);
        Incidents = await incidents.OpenAsync(stop);
        LastDay = await requests.ElapsedAsync(time.GetUtcNow().AddDays(-1), stop);
        Days = await days.LastAsync(stop);
        OldestOpen = await requests.OldestOpenAsync(stop);
        Failures = await requests.FailuresAsync(DayTable.Begin(Days[0].Day), stop);
        Sealed = (time.GetUtcNow() - await sealer.OldestAsync(stop), (await evidence.HeadAsync(long.MaxValue, stop)).Number);
        NextRetention = new CronExpression(Options.RetentionCron, Options.RetentionZone).GetNextValidTimeAfter(time.GetUtcNow());
        Rows = await requests.SearchAsync(new RequestSearch(), new RequestPage(Newest), stop);
        Checks = await checks.RunAsync(stop);
    }

    public static string Light(SelfCheck check) => check.Light switch { SelfCheckLight.Green => "green", SelfCheckLight.Yellow => "yellow", _ => "red" };
}
