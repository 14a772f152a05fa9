using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Readiness;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin;

/// <summary>总览: how ready the module is, how requests and pushed orders stand, its lights, the newest requests, and the settings in force (no secrets).</summary>
[Needs(CustomsPermissions.View)]
internal sealed class OverviewModel(
    RequestTable requests, BridgeTable pushes, ReadinessCheck readiness, IUploadIncidents incidents, SelfChecks checks, IPayExchangeRenderer renderer, IUploadEngine engine, TimeProvider time) : Screen
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

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        Readiness = await readiness.RunAsync(stop);
        Counts = await requests.CountByStateAsync(new RequestSearch { Ignored = false }, stop);
        Pushes = await pushes.CountByStateAsync(new BridgeSearch(), stop);
        Incidents = await incidents.OpenAsync(stop);
        LastDay = await requests.ElapsedAsync(time.GetUtcNow().AddDays(-1), stop);
        Rows = await requests.SearchAsync(new RequestSearch(), new RequestPage(Newest), stop);
        Checks = await checks.RunAsync(stop);
    }

    public static string Light(SelfCheck check) => check.Light switch { SelfCheckLight.Green => "green", SelfCheckLight.Yellow => "yellow", _ => "red" };

    public IEnumerable<(string Name, string Value)> Settings()
    {
        yield return ("Customs:BasePath", Options.BasePath);
        yield return ("Customs:Upload:Url", Options.UploadUrl.ToString());
        yield return ("Customs:Upload:TestUrl", Options.TestUrl.ToString());
        yield return ("Customs:Bridge:BaseUrl", Options.Bridge is { } bridge ? $"{bridge.BaseUrl}{(bridge.Rehearsal ? Say["（测试接口）", " (rehearsal)"] : "")}" : Say["未设置，推单未启用", "not set: no order is pushed"]);
        yield return ("Customs:Database:Engine", EnumWords<DatabaseEngine>.Word(Options.Database.Engine));
        yield return ("Customs:Deadline", $"{Options.Deadline.TotalSeconds} s");
        yield return ("Customs:Retention", $"{Options.RetentionYears} {Say["年", "years"]} · {Options.RetentionCron}{(Options.RetentionDryRun ? " · dry run" : "")}");
        foreach (var merchant in Options.Merchants.Values)
        {
            yield return ($"Customs:Merchants:{merchant.Name}", $"EbpCode {merchant.EbpCode} · {string.Join(" → ", merchant.WithEachKey.Select(key => key.Signing.Kind))}");
        }

        yield return (Say["接口密钥", "API keys"], Options.ApiKeys.Count == 0 ? Say["未配置", "none"] : string.Join(", ", Options.ApiKeys.Keys));
        yield return (Say["模板渲染", "Templates"], Say.Of(renderer.Description));
        yield return (Say["任务引擎", "Job engine"], engine.Name);
    }
}
