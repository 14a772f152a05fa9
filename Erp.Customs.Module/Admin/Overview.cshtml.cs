using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Erp.Customs.Module.Admin;

/// <summary>总览: how requests stand, the newest of them, and the settings in force (no secrets).</summary>
[Needs(CustomsPermissions.View)]
internal sealed class OverviewModel(
    RequestTable requests, CustomsOptions options, IPayExchangeRenderer renderer, IUploadEngine engine, TimeProvider time) : PageModel
{
    /// <summary>Rows shown. The default value is 50.</summary>
    private const int Rows = 50;

    public ScreenWords Say { get; private set; } = null!;

    public CustomsEnvironment Environment => options.Environment;

    public IReadOnlyDictionary<RequestState, int> Counts { get; private set; } = new Dictionary<RequestState, int>();

    public IReadOnlyList<CustomsRequest> Requests { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Say = new ScreenWords(HttpContext);
        Counts = await requests.CountAsync(HttpContext.RequestAborted);
        Requests = await requests.LatestAsync(Rows, HttpContext.RequestAborted);
    }

    public string EnvironmentSentence => Say.Of(EnvironmentWords.Of(options.Environment));

    /// <summary>Milliseconds from receipt to the end, or to now while it goes on.</summary>
    public long Elapsed(CustomsRequest request) => (long)((request.FinishedAt ?? time.GetUtcNow()) - request.ReceivedAt).TotalMilliseconds;

    public bool IsLate(CustomsRequest request) => (request.FinishedAt ?? time.GetUtcNow()) > request.Deadline;

    public IEnumerable<(string Name, string Value)> Settings()
    {
        yield return ("Customs:BasePath", options.BasePath);
        yield return ("Customs:Upload:Url", options.UploadUrl.ToString());
        yield return ("Customs:Upload:TestUrl", options.TestUrl.ToString());
        yield return ("Customs:Deadline", $"{options.Deadline.TotalSeconds} s");
        yield return ("Customs:Retention", $"{options.RetentionYears} {Say["年", "years"]} · {options.RetentionCron}{(options.RetentionDryRun ? " · dry run" : "")}");
        foreach (var merchant in options.Merchants.Values)
        {
            yield return ($"Customs:Merchants:{merchant.Name}", $"EbpCode {merchant.EbpCode} · {merchant.Signing.Kind}");
        }

        yield return (Say["接口密钥", "API keys"], options.ApiKeys.Count == 0 ? Say["未配置", "none"] : string.Join(", ", options.ApiKeys.Keys));
        yield return (Say["模板渲染", "Templates"], renderer.Description);
        yield return (Say["任务引擎", "Job engine"], engine.Name);
    }
}
