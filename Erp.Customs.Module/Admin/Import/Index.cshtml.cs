using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>导入支付数据, at adoption: a file is uploaded and checked, its bad cells are named, and it is imported when a person says so; progress and result, whoever looks.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Import)]
[UploadLimit]
internal sealed class IndexModel(ImportRuns runs, ImportFolder folder) : Screen
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Bad cells that are listed; all are in the result file. The default value is 200.</summary>
    public const int CellsListed = 200;

    /// <summary>Imports that are listed. The default value is 20, the newest.</summary>
    private const int Listed = 20;

    /// <summary>The one that is looked at.</summary>
    public PaymentImport? Shown { get; private set; }

    /// <summary>Its first bad cells, while it waits for a decision.</summary>
    public IReadOnlyList<ImportedRow> Bad { get; private set; } = [];

    public IReadOnlyList<PaymentImport> Newest { get; private set; } = [];

    /// <summary>Whether he may upload and import.</summary>
    public bool MayImport => Visitor.Permissions.Contains(CustomsPermissions.Import);

    /// <summary>Whether the result can be taken away here.</summary>
    public bool HasResult => Shown is { } import && runs.HasResult(import.Id);

    /// <summary>The amounts of an import by currency.</summary>
    public IEnumerable<(string Currency, decimal Amount)> Amounts(PaymentImport import) =>
        import.Amounts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(sum => sum.Split('=')).Select(sum => (Say.Currency(sum[0]), decimal.Parse(sum[1])));

    public async Task OnGetAsync(long? id)
    {
        Newest = await runs.NewestAsync(Listed, HttpContext.RequestAborted);
        if (id is not { } asked)
        {
            return;
        }

        Shown = await runs.FindAsync(asked, HttpContext.RequestAborted);
        Problem = Shown is null ? Words.Of("没有这次导入", "There is no such import") : null;
        Bad = Shown is { State: ImportState.Checked } ? [.. runs.Result(asked).Take(CellsListed)] : [];
    }

    /// <summary>The template, to be taken away.</summary>
    public IActionResult OnGetTemplate()
    {
        var file = folder.Temporary();
        ImportWorkbooks.WriteTemplate(file, Say);
        file.Position = 0;
        return File(file, Workbook, Say["支付数据导入模板.xlsx", "payments-template.xlsx"]);
    }

    /// <summary>The result of an import, to be taken away.</summary>
    public IActionResult OnGetResult(long id)
    {
        if (!runs.HasResult(id))
        {
            return NotFound();
        }

        var file = folder.Temporary();
        ImportWorkbooks.WriteResult(file, runs.Result(id), Say);
        file.Position = 0;
        return File(file, Workbook, Say[$"导入结果-{id}.xlsx", $"import-result-{id}.xlsx"]);
    }

    /// <summary>Takes a file in and has it checked.</summary>
    [Operation("上传并检查", "Upload and check")]
    public async Task<IActionResult> OnPostUploadAsync(IFormFile? file)
    {
        if (file is null)
        {
            Tell(good: false, Words.Of("未选择文件，未作任何更改", "No file was chosen; nothing was changed"));
            return LocalRedirect(Link());
        }

        await using var content = file.OpenReadStream();
        var (id, problem) = await runs.BeginAsync(Visitor.Name, file.FileName, content, file.Length, HttpContext.RequestAborted);
        Tell(problem is null, problem ?? Words.Of("文件已上传，正在检查；确认之前不会保存任何数据", "The file is uploaded and being checked; nothing is stored before you confirm"));
        return LocalRedirect(problem is null ? Link(id) : Link());
    }

    /// <summary>Has a checked file imported.</summary>
    [Operation("确认导入", "Confirm an import", "id")]
    public async Task<IActionResult> OnPostConfirmAsync(long id)
    {
        var problem = await runs.ConfirmAsync(id, Visitor.Name);
        Tell(problem is null, problem ?? Words.Of("已开始导入，可离开此页面", "The import has begun; you may leave this page"));
        return LocalRedirect(Link(id));
    }

    /// <summary>Gives a checked file up.</summary>
    [Operation("放弃导入", "Give an import up", "id")]
    public async Task<IActionResult> OnPostDiscardAsync(long id)
    {
        var discarded = await runs.DiscardAsync(id, Visitor.Name);
        Tell(discarded, discarded ? Words.Of("已放弃，文件已删除，未保存任何数据", "Given up: the file is deleted, nothing was stored") : Words.Of("该文件不在等待确认的状态，未作任何更改", "This file does not wait for that; nothing was changed"));
        return LocalRedirect(Link());
    }

    /// <summary>Ends what runs.</summary>
    [Operation("中断导入", "End an import", "id")]
    public IActionResult OnPostStop(long id)
    {
        var stopped = runs.Stop(id);
        Tell(stopped, stopped ? Words.Of("正在中断；已保存的数据保留", "It is being ended; what is stored stays") : Words.Of("该导入不在本节点进行，未作任何更改", "This import does not run on this node; nothing was changed"));
        return LocalRedirect(Link(id));
    }

    private string Link(long? id = null) => Url.Page(null, null, id is null ? null : new { id }) ?? "";
}
