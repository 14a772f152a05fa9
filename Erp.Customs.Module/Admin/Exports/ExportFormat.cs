using System.Net.Mime;
using System.Xml;
using MiniExcelLibs;

namespace Erp.Customs.Module.Admin.Exports;

/// <summary>A kind of file that lists are exported as.</summary>
/// <param name="Name">As it stands in forms, and the file's extension.</param>
/// <param name="MediaType">Of the file.</param>
/// <param name="Kind">Of the writer.</param>
internal sealed record ExportFormat(string Name, string MediaType, ExcelType Kind)
{
    private const string Sheet = "Sheet1";

    /// <summary>Excel first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ExcelType.XLSX),
        new("csv", MediaTypeNames.Text.Csv, ExcelType.CSV),
    ];

    /// <summary>The format of a name, or <see langword="null"/>.</summary>
    public static ExportFormat? Find(string? name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>Writes a list; CSV is UTF-8 with a byte order mark, without which Excel takes Chinese for something else.</summary>
    /// <param name="list">The list.</param>
    /// <param name="file">To where.</param>
    /// <param name="progress">Told the number of rows after each.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public Task WriteAsync(ExportList list, Stream file, Action<long> progress, CancellationToken cancellationToken) =>
        MiniExcel.SaveAsAsync(file, Rows(list, progress, cancellationToken), sheetName: Sheet, excelType: Kind, cancellationToken: cancellationToken);

    /// <summary>
    /// A text as a cell: a sheet takes what begins with <c>= + - @</c> (or a tab or line break before them) for a formula, so such a text gets an apostrophe in front;
    /// characters that no XML can hold are replaced.
    /// </summary>
    internal static string Cell(string text)
    {
        var whole = string.Create(text.Length, text, (cell, from) =>
        {
            for (var at = 0; at < cell.Length; at++)
            {
                var paired = char.IsHighSurrogate(from[at]) ? at + 1 < from.Length && char.IsLowSurrogate(from[at + 1]) : char.IsLowSurrogate(from[at]) && at > 0 && char.IsHighSurrogate(from[at - 1]);
                cell[at] = XmlConvert.IsXmlChar(from[at]) || paired ? from[at] : '\uFFFD';
            }
        });
        return whole.Length > 0 && whole[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + whole : whole;
    }

    private static async IAsyncEnumerable<Dictionary<string, object?>> Rows(ExportList list, Action<long> progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var row in list.Rows(cancellationToken))
        {
            progress(++count);
            yield return list.Headings.Zip(row, (heading, cell) => KeyValuePair.Create(heading, cell is string text ? Cell(text) : cell)).ToDictionary(StringComparer.Ordinal);
        }
    }
}
