using Erp.Customs.Module.Admin.Exports;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>The workbooks that a clerk takes away: the template with its explanations, and the result of an import.</summary>
internal static class ImportWorkbooks
{
    /// <summary>Rows of the template whose cells are text, so that Excel leaves digits as they are. 1,000.</summary>
    private const int TemplateRows = 1_000;

    /// <summary>Writes the template: a sheet to be filled in, and one that explains each column.</summary>
    public static void WriteTemplate(Stream to, ScreenWords say)
    {
        var titles = ImportColumn.All.Select(column => say[column.Zh, column.En]).ToList();
        var empty = titles.ToDictionary(title => title, _ => (object)"", StringComparer.Ordinal);
        Write(
            to,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [say["支付数据", "Payments"]] = Enumerable.Repeat(empty, TemplateRows),
                [say["填写说明", "Explanations"]] = ImportColumn.All.Select(column => new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [say["列", "Column"]] = say[column.Zh, column.En],
                    [say["接口字段", "Field of the API"]] = column.Field,
                    [say["必填", "Required"]] = column.Required ? say["是", "yes"] : say["否", "no"],
                    [say["填写要求", "What is allowed"]] = say[column.HelpZh, column.HelpEn],
                    [say["示例", "Example"]] = ExportFormat.Cell(column.Example),
                }),
            },
            titles);
    }

    /// <summary>Writes a result, row by row.</summary>
    public static void WriteResult(Stream to, IEnumerable<ImportedRow> rows, ScreenWords say)
    {
        string[] titles =
        [
            say["行", "Row"], say["商户", "Merchant"], say["交易流水号", "Transaction"], say["订单编号", "Order"], say["结果", "Result"], say["列", "Column"], say["原因", "Reason"],
        ];
        Write(
            to,
            rows.Select(row => new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [titles[0]] = row.Row,
                [titles[1]] = ExportFormat.Cell(row.Merchant),
                [titles[2]] = ExportFormat.Cell(row.PayTransactionId),
                [titles[3]] = ExportFormat.Cell(row.OrderNo),
                [titles[4]] = say.Outcome(row.Outcome),
                [titles[5]] = say.Of(row.Column),
                [titles[6]] = ExportFormat.Cell(say.Of(row.Sentence)),
            }),
            titles[1..]);
    }

    private static void Write(Stream to, object sheets, IEnumerable<string> text) => MiniExcel.SaveAs(to, sheets, configuration: new OpenXmlConfiguration
    {
        TableStyles = TableStyles.None,
        AutoFilter = false,
        FreezeRowCount = 1,
        DynamicColumns = [.. text.Select(title => new DynamicExcelColumn(title) { Format = "@", Width = 24 })],
    });
}
