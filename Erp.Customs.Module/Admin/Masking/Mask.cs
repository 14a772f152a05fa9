using System.Text.RegularExpressions;

namespace Erp.Customs.Module.Admin.Masking;

/// <summary>
/// Personal data as screens show it to whoever may see a list: enough to tell two people apart on the telephone, not enough to know one.
/// </summary>
internal static partial class Mask
{
    /// <summary>Stands for what is not shown.</summary>
    public const string Hidden = "＊＊＊";

    /// <summary>Matches that take longer are not made; the texts are short.</summary>
    private const int Milliseconds = 1000;

    /// <summary>张三 becomes 张**.</summary>
    public static string Name(string name) => name.Length == 0 ? "" : string.Concat(name.EnumerateRunes().First().ToString(), "**");

    /// <summary>11010519491231002X becomes 110*************2X; a short one is not shown at all.</summary>
    public static string Card(string number) => number.Length < 8 ? Stars(number) : $"{number[..3]}{new string('*', number.Length - 5)}{number[^2..]}";

    /// <summary>13800000000 becomes 138****0000.</summary>
    public static string Mobile(string number) => number.Length < 11 ? Stars(number) : $"{number[..3]}****{number[^4..]}";

    /// <summary>6217850100007893905 becomes ****3905; a short one is not shown at all.</summary>
    public static string Account(string account) => account.Length < 8 ? Stars(account) : $"****{account[^4..]}";

    /// <summary>A sentence that somebody else wrote: mobile, identity and card numbers in it are not shown.</summary>
    public static string Sentence(string? text) => Numbers().Replace(text ?? "", found => Stars(found.Value));

    /// <summary>Whether a text is, as a whole, a number that names a person: a mobile number, an identity number or a bank card's.</summary>
    public static bool IsPersonal(string text) => WholeNumber().IsMatch(text);

    private static string Stars(string text) => new('*', text.Length);

    [GeneratedRegex(@"(?<![0-9])(?:\+?86)?1[3-9][0-9]{9}(?![0-9])|(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])|(?<![0-9])[0-9]{15,19}(?![0-9])", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(?:\+?86[- ]?)?1[3-9][0-9]{9}$|^[0-9]{17}[0-9Xx]$|^[0-9]{15,19}$", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex WholeNumber();
}
