using System.IO.Compression;
using System.Text;
using CsvHelper;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>
/// The rows of an uploaded file, one after the other and never all of them in memory: an Excel workbook's first sheet, or CSV as UTF-8 or GB18030. What a file is, its first bytes tell, not its name.
/// </summary>
internal static class SheetRows
{
    /// <summary>The largest file. 64 MiB.</summary>
    public const long FileLimit = 64 * 1024 * 1024;

    /// <summary>Rows with anything in them, the titles not counted. 100,000.</summary>
    public const int RowLimit = 100_000;

    /// <summary>What a workbook may be unpacked to. 1 GiB: sixteen times the largest file; texts of JSON are packed to a tenth.</summary>
    private const long UnpackedLimit = 1024L * 1024 * 1024;

    /// <summary>Parts of a workbook. 1,000.</summary>
    private const int PartLimit = 1_000;

    /// <summary>Columns of a sheet. 256: a sheet that is wider is none of ours.</summary>
    private const int ColumnLimit = 256;

    /// <summary>Bytes of a row of CSV. 4 MiB, as the payments API takes at once.</summary>
    private const int RecordLimit = 4 * 1024 * 1024;

    /// <summary>Texts that a workbook shares between its cells are kept in memory up to here, above in files of the given folder. 16 MiB.</summary>
    private const long SharedTexts = 16 * 1024 * 1024;

    private static readonly CsvReaderOptions s_csv = new()
    {
        Separator = ',',
        HasHeader = false,
        SkipEmptyLines = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = RecordLimit,
        IncludeValuesInExceptions = false,
    };

    private static readonly byte[] s_zip = "PK\u0003\u0004"u8.ToArray();

    /// <summary>Of .xls files, and of .xlsx files with a password.</summary>
    private static readonly byte[] s_compound = [0xD0, 0xCF, 0x11, 0xE0];

    /// <summary>Reads a file; rows are numbered as a person sees them. A cell is empty, text, or in a workbook also a number (double), a time or a truth value.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">For what does not fit into memory; the owner's alone.</param>
    /// <exception cref="SheetException">While rows are read: this is no such file, or it is damaged.</exception>
    public static IEnumerable<(int Number, IReadOnlyList<object?> Cells)> Read(string path, string folder)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var begin = new byte[4];
        var read = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 0)
        {
            throw new SheetException(Words.Of("文件是空的", "The file is empty"));
        }

        if (begin.AsSpan().SequenceEqual(s_compound))
        {
            throw new SheetException(Words.Of("这是旧版 Excel（.xls）或带密码的工作簿：请另存为不带密码的 .xlsx 或 CSV", "This is an old workbook (.xls) or one with a password: save it as .xlsx without a password, or as CSV"));
        }

        var number = 0;
        foreach (var cells in Whole(begin.AsSpan().SequenceEqual(s_zip) ? Workbook(file, folder) : Text(file)))
        {
            if (cells.Count > ColumnLimit)
            {
                throw new SheetException(Words.Of($"工作表超过 {ColumnLimit} 列，不是支付数据", $"The sheet has more than {ColumnLimit} columns: this is no file of payments"));
            }

            yield return (++number, cells);
        }
    }

    private static IEnumerable<IReadOnlyList<object?>> Workbook(FileStream file, string folder)
    {
        // What a part says that it unpacks to is also what it is cut off at.
        using (var parts = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true))
        {
            if (parts.Entries.Count > PartLimit || parts.Entries.Sum(part => part.Length) > UnpackedLimit)
            {
                throw new SheetException(Words.Of("工作簿解压后过大，未读取：请拆分为几个文件", "The workbook unpacks to too much and was not read: split it into several files"));
            }
        }

        file.Position = 0;
        var configuration = new OpenXmlConfiguration { EnableSharedStringCache = true, SharedStringCacheSize = SharedTexts, SharedStringCachePath = folder, TrimColumnNames = false };
        foreach (IDictionary<string, object?> row in MiniExcel.Query(file, useHeaderRow: false, excelType: ExcelType.XLSX, configuration: configuration))
        {
            yield return [.. row.Values.Take(ColumnLimit + 1)];
        }
    }

    private static IEnumerable<IReadOnlyList<object?>> Text(FileStream file)
    {
        using var reader = new StreamReader(file, EncodingOf(file), detectEncodingFromByteOrderMarks: true);
        using var csv = CsvReader.Create(reader, s_csv);
        while (csv.Read())
        {
            yield return csv.Current.ToArray();
        }
    }

    /// <summary>UTF-8 where all of the file is, otherwise GB18030 where all of it is.</summary>
    private static Encoding EncodingOf(FileStream file)
    {
        foreach (var name in new[] { "utf-8", "gb18030" })
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            try
            {
                file.Position = 0;
                using var reader = new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
                var text = new char[8192];
                for (int read; (read = reader.ReadBlock(text)) > 0;)
                {
                    if (text.AsSpan(0, read).Contains('\0'))
                    {
                        throw NoSheet(cause: null);
                    }
                }

                return encoding;
            }
            catch (DecoderFallbackException)
            {
                continue;
            }
            finally
            {
                file.Position = 0;
            }
        }

        throw new SheetException(Words.Of("文件既不是 UTF-8 也不是 GB18030 文本：请在 Excel 中另存为“CSV UTF-8”或 .xlsx", "The file is neither UTF-8 nor GB18030 text: save it in Excel as \"CSV UTF-8\" or as .xlsx"));
    }

    /// <summary>Whatever the libraries throw at a damaged file becomes one sentence.</summary>
    private static IEnumerable<T> Whole<T>(IEnumerable<T> rows)
    {
        using var row = rows.GetEnumerator();
        while (true)
        {
            try
            {
                if (!row.MoveNext())
                {
                    yield break;
                }
            }
            catch (Exception damaged) when (damaged is not SheetException)
            {
                throw NoSheet(damaged);
            }

            yield return row.Current;
        }
    }

    private static SheetException NoSheet(Exception? cause) =>
        new(Words.Of("文件已损坏，或不是 .xlsx / CSV：请用 Excel 打开检查后另存一份再上传", "The file is damaged, or neither .xlsx nor CSV: open it in Excel, save it anew and upload that"), cause);
}
