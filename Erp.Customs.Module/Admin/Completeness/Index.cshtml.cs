using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Completeness;

/// <summary>完整性核对: what the daily reconciliation found and what of it is not settled.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class IndexModel(ICompleteness completeness) : Screen
{
    /// <summary>Findings that are listed. The default value is 500, the oldest.</summary>
    private const int ListedFindings = 500;

    /// <summary>Runs that are listed. The default value is 30, the newest.</summary>
    private const int ListedRuns = 30;

    public IReadOnlyList<CompletenessFinding> Findings { get; private set; } = [];

    public IReadOnlyList<CompletenessRun> Runs { get; private set; } = [];

    public async Task OnGetAsync() =>
        (Findings, Runs) = (await completeness.StandingAsync(ListedFindings, HttpContext.RequestAborted), await completeness.RunsAsync(ListedRuns, HttpContext.RequestAborted));

    /// <summary>立即核对.</summary>
    [Operation("立即核对", "Reconcile now")]
    public async Task<IActionResult> OnPostRunAsync()
    {
        var run = await completeness.RunAsync(HttpContext.RequestAborted);
        Tell(good: run.Standing == 0 && run.Problem.Length == 0, Words.Of(
            $"核对完成：未解决 {run.Standing:N0} 项，其中新发现 {run.Fresh:N0} 项{(run.Problem.Length > 0 ? "；" + Words.In(run.Problem, english: false) : "")}",
            $"Done: {run.Standing:N0} records are incomplete, {run.Fresh:N0} of them not known before{(run.Problem.Length > 0 ? ". " + Words.In(run.Problem, english: true) : "")}"));
        return RedirectToPage();
    }
}
