using System.Globalization;
using CsvHelper;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>What became of a row of an import's file, or what is wrong with a cell of it.</summary>
/// <param name="Row">The row in the sheet.</param>
/// <param name="Merchant">As in the row.</param>
/// <param name="PayTransactionId">As in the row.</param>
/// <param name="OrderNo">As in the row.</param>
/// <param name="Outcome">What became of its payment.</param>
/// <param name="Column">The column that is wrong, <c>中文 | English</c>; empty for none.</param>
/// <param name="Sentence">Why, <c>中文 | English</c>; may be empty.</param>
internal sealed record ImportedRow(int Row, string Merchant, string PayTransactionId, string OrderNo, ImportOutcome Outcome, string Column, string Sentence);

/// <summary>What became of a payment.</summary>
internal enum ImportOutcome
{
    /// <summary>A cell is wrong; nothing has been stored yet.</summary>
    Bad,

    /// <summary>已保存.</summary>
    Saved,

    /// <summary>已存在.</summary>
    Existing,

    /// <summary>失败.</summary>
    Failed,
}

/// <summary>The result of an import on its way: written row by row, readable while it is written and after the process has died.</summary>
internal static class ImportResult
{
    private static readonly CsvReaderOptions s_form = new() { Separator = ',', HasHeader = false, IncludeValuesInExceptions = false };

    /// <summary>A writer of a new result.</summary>
    public static CsvWriter Write(string path) => CsvWriter.Create(ImportFolder.Create(path));

    /// <summary>Adds rows; in the file when this returns.</summary>
    public static void Add(this CsvWriter result, IEnumerable<ImportedRow> rows)
    {
        foreach (var row in rows)
        {
            result.WriteRecord(
                row.Row.ToString(CultureInfo.InvariantCulture), row.Merchant, row.PayTransactionId, row.OrderNo, EnumWords<ImportOutcome>.Word(row.Outcome), row.Column, row.Sentence);
        }

        result.Flush();
    }

    /// <summary>Reads a result, as far as it was written.</summary>
    public static IEnumerable<ImportedRow> Read(string path)
    {
        using var csv = CsvReader.Create(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), s_form);
        while (csv.Read() && csv.Current.ToArray() is [var row, var merchant, var payTransactionId, var orderNo, var outcome, var column, var sentence])
        {
            yield return new(int.Parse(row, CultureInfo.InvariantCulture), merchant, payTransactionId, orderNo, EnumWords<ImportOutcome>.Parse(outcome), column, sentence);
        }
    }
}
