using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Exports;

/// <summary>Hands lists out as files: short ones at once, long ones by way of <see cref="ExportRuns"/>.</summary>
internal sealed class ExportDesk(ExportRuns runs, TimeProvider time)
{
    /// <summary>Rows that are written while the user waits. The default value is 10,000.</summary>
    public const int AtOnce = 10_000;

    /// <summary>Rows of one file; a sheet of Excel has 1,048,576. The default value is 1,000,000.</summary>
    public const int Most = 1_000_000;

    /// <summary>The file of a short list.</summary>
    /// <param name="list">What is exported.</param>
    /// <param name="format">As what; <see langword="null"/> when the form named none that there is.</param>
    /// <param name="owner">The user.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The file; or, where there is none, what the user is told (<c>中文 | English</c>) and whether it goes on in the background.</returns>
    public async Task<(FileContentResult? File, string Sentence, bool GoesOn)> HandOutAsync(ExportList list, ExportFormat? format, string owner, CancellationToken cancellationToken)
    {
        if (format is null)
        {
            return (null, Words.Of("导出格式须为 xlsx 或 csv，未导出", "The format must be xlsx or csv; nothing was exported"), false);
        }

        if (list.Total is 0 or > Most)
        {
            return (null, list.Total == 0
                ? Words.Of("没有可导出的行", "There is no row to export")
                : Words.Of($"一次最多导出 {Most:N0} 行，请缩小筛选范围（如按时间分段）后再导出", $"At most {Most:N0} rows at a time: narrow the filter, for example to a stretch of time"), false);
        }

        if (list.Total > AtOnce)
        {
            return runs.Begin(list, format, owner) is { } refusal
                ? (null, refusal, false)
                : (null, Words.Of($"共 {list.Total:N0} 行，正在后台导出；完成后在此页下载，文件保留一天", $"{list.Total:N0} rows are exported in the background; fetch the file on this page when it is done. It is kept for a day"), true);
        }

        using var file = new MemoryStream();
        await format.WriteAsync(list, file, _ => { }, cancellationToken);
        return (new FileContentResult(file.ToArray(), format.MediaType) { FileDownloadName = FileName(list, format, time.GetUtcNow()) }, "", false);
    }

    /// <summary>The name under which a file is handed out; China time.</summary>
    public static string FileName(ExportList list, ExportFormat format, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{list.Name}-{at.ToOffset(ChinaTime.Offset):yyyyMMdd-HHmmss}.{format.Name}");
}
