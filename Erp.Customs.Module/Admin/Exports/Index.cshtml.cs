using Erp.Customs.Module.Admin.Operations;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Exports;

/// <summary>导出记录: a user's exports in the background, their progress, their files.</summary>
[Needs(CustomsPermissions.Export, CustomsPermissions.Export)]
internal sealed class ExportsModel(ExportRuns runs) : Screen
{
    public IReadOnlyList<ExportRun> Runs { get; private set; } = [];

    public void OnGet() => Runs = runs.Of(Visitor.Name);

    /// <summary>Hands out a file to who asked for it.</summary>
    public IActionResult OnGetFile(string? id)
    {
        if (runs.Of(Visitor.Name).FirstOrDefault(run => run.Id == id && run.State == ExportState.Done) is { } done && System.IO.File.Exists(done.File))
        {
            return PhysicalFile(done.File, done.Format.MediaType, done.FileName);
        }

        Tell(good: false, Gone);
        return LocalRedirect(Url.Page("/Exports/Index")!);
    }

    /// <summary>Ends an export, or removes one that is done.</summary>
    [Operation("删除导出文件", "Remove an exported file", "id")]
    public IActionResult OnPostRemove(string? id)
    {
        var removed = runs.Remove(id ?? "", Visitor.Name);
        Tell(removed, removed ? Words.Of("已取消或删除该导出", "The export was ended or removed") : Gone);
        return LocalRedirect(Url.Page("/Exports/Index")!);
    }

    private static string Gone => Words.Of(
        "没有这个导出：文件只保留一天，系统重启后也会清除；请回到列表重新导出", "There is no such export: files are kept for a day, and not over a restart; export the list again");
}
