using System.Globalization;
using System.Text.RegularExpressions;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>Reads one cell as its column means it, and says what is wrong with it: nothing is guessed, and no digit that Excel has lost is made up.</summary>
internal static partial class CellReader
{
    /// <summary>Digits that Excel keeps of a number.</summary>
    private const int ExcelDigits = 15;

    /// <summary>A number as text that ends with zeros from the 16th digit on, and is at least so long, has been a number in Excel.</summary>
    private const int CertainlyLost = 20;

    private static readonly string[] s_times =
    [
        "yyyyMMddHHmmss", "yyyy-M-d H:m:s", "yyyy/M/d H:m:s", "yyyy-M-d H:m", "yyyy/M/d H:m", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-M-d H:m:s.FFFFFFF",
    ];

    private static readonly string[] s_timesOfZones = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private static readonly string[] s_errors = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"];

    /// <summary>Reads a cell.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="cell">As <see cref="SheetRows"/> gives it.</param>
    /// <returns>The value: text, for an amount a decimal, for a time a <see cref="DateTimeOffset"/>; empty text where the cell is empty or wrong. And what is wrong, <c>中文 | English</c>.</returns>
    public static (object Value, string? Problem) Read(ImportColumn column, object? cell) => (column.Cell, cell) switch
    {
        (_, null) => ("", null),
        (_, bool) => Wrong("是逻辑值，应为文本", "is a truth value, but must be text"),
        (_, string text) when s_errors.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) => Wrong("是 Excel 的错误值，请更正公式或改为文本", "is an error of Excel: mend the formula or write the text"),
        (_, string text) when HasControl(text, column.Cell) => Wrong("含有控制字符，请删除后重新填写", "holds control characters: write it anew without them"),
        (ImportCell.Raw, string text) => (text, null),
        (_, string text) when string.IsNullOrWhiteSpace(text) => ("", null),
        (ImportCell.Amount, string text) => Amount(text.Trim()),
        (ImportCell.Amount, double number) => Amount(number),
        (ImportCell.Time, string text) => Time(text.Trim()),
        (ImportCell.Time, DateTime time) => Time(time),
        (ImportCell.Time, double number) when IsWhole(number) => Time(number.ToString("0", CultureInfo.InvariantCulture)),
        (ImportCell.Time, _) => WrongTime(),
        (ImportCell.Digits, string text) => Digits(text.Trim()),
        (ImportCell.Digits, double number) => IsWhole(number) ? (number.ToString("0", CultureInfo.InvariantCulture), null) : Lost(),
        (ImportCell.Text, string text) => (text.Trim(), null),
        (ImportCell.Text or ImportCell.Raw, double number) when IsWhole(number) => (number.ToString("0", CultureInfo.InvariantCulture), null),
        _ => Wrong("已被 Excel 变成数字或日期，应为文本：请将该列设为文本格式后重新填写", "has become a number or a date in Excel, but must be text: make the column text and write it anew"),
    };

    private static (object Value, string? Problem) Digits(string text)
    {
        if (Scientific().IsMatch(text) || (text.Length >= CertainlyLost && text.All(char.IsAsciiDigit) && text.AsSpan(ExcelDigits).IndexOfAnyExcept('0') < 0))
        {
            return Lost();
        }

        return (text, null);
    }

    private static (object Value, string? Problem) Amount(string text) =>
        AmountText().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? (amount, null)
            : Wrong("应为数字，如 100.10，不带千分位和货币符号", "must be a number such as 100.10, without separators or a currency sign");

    /// <summary>To the 15 digits that Excel shows: 0.1 + 0.2 is 0.3.</summary>
    private static (object Value, string? Problem) Amount(double number) =>
        Math.Abs(number) < 1e15 && decimal.TryParse(number.ToString("G15", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? (amount, null)
            : Wrong("超过 15 位，Excel 已丢失位数：请将该列设为文本格式后重新填写", "has more than 15 digits, some of which Excel has lost: make the column text and write it anew");

    private static (object Value, string? Problem) Time(string text)
    {
        if (DateTime.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return (new DateTimeOffset(local, ChinaTime.Offset), null);
        }

        return DateTimeOffset.TryParseExact(text, s_timesOfZones, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? (time, null) : WrongTime();
    }

    /// <summary>A cell of a date alone and one of midnight are the same number: which of them it is, only a person knows.</summary>
    private static (object Value, string? Problem) Time(DateTime time)
    {
        // Excel counts days as a double, which is off by some microseconds.
        var second = new DateTime((time.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified);
        return second.TimeOfDay == TimeSpan.Zero
            ? Wrong("只有日期没有时刻；确为零点整时请写为文本，如 20261111000000", "is a date without a time; where it was midnight indeed write it as text, such as 20261111000000")
            : (new DateTimeOffset(second, ChinaTime.Offset), null);
    }

    private static bool IsWhole(double number) => Math.Abs(number) < 1e15 && number == Math.Floor(number);

    /// <summary>Line ends and tabs belong to raw messages and to notes.</summary>
    private static bool HasControl(string text, ImportCell cell) =>
        text.Any(character => char.IsControl(character) && !(character is '\r' or '\n' or '\t' && cell is ImportCell.Raw or ImportCell.Text));

    private static (object Value, string? Problem) Lost() => Wrong(
        "已被 Excel 变成数字并丢失位数（如 1.23E+19）：请将该列设为文本格式后从原处重新复制", "has become a number in Excel and lost digits (such as 1.23E+19): make the column text and copy it from where it came");

    private static (object Value, string? Problem) WrongTime() => Wrong(
        "应为北京时间 2026-11-11 00:00:01 或 20261111000001，或带时区的 2026-11-10T16:00:01Z", "must be China time, 2026-11-11 00:00:01 or 20261111000001, or with a zone 2026-11-10T16:00:01Z");

    private static (object Value, string? Problem) Wrong(string zh, string en) => ("", Words.Of(zh, en));

    /// <summary>As in the payments API.</summary>
    [GeneratedRegex(@"^-?\d{1,20}(\.\d{1,20})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AmountText();

    [GeneratedRegex(@"^\d([.,]\d+)?[eE]\+\d+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scientific();
}
