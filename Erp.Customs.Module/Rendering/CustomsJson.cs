using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Erp.Customs.Module.Rendering;

/// <summary>
/// JSON as customs sign it: only <c>\" \\ \b \f \n \r \t</c> and the other controls below U+0020 (<c>\u00xx</c>, lower case) are escaped.
/// Everything else stands as it is, U+3000, NBSP, U+2028, DEL and emoji included, which .NET's own encoders would write as <c>\uXXXX</c>.
/// </summary>
internal static class CustomsJson
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    /// <summary>A string with its quotes.</summary>
    public static string Text(string value)
    {
        if (!value.AsSpan().ContainsAny(Escaped))
        {
            return string.Concat("\"", value, "\"");
        }

        var json = new DefaultInterpolatedStringHandler(value.Length + 64, 0);
        Append(ref json, value);
        return json.ToStringAndClear();
    }

    /// <summary>Appends a string with its quotes.</summary>
    public static void Append(ref DefaultInterpolatedStringHandler json, string value)
    {
        json.AppendLiteral("\"");
        var rest = value.AsSpan();
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            json.AppendFormatted(rest[..at]);
            json.AppendLiteral(Escape(rest[at]));
            rest = rest[(at + 1)..];
        }

        json.AppendFormatted(rest);
        json.AppendLiteral("\"");
    }

    /// <summary>A number without trailing zeros, exponent or thousands: 100.00 is <c>100</c>, 0.50 is <c>0.5</c>. Never rounded.</summary>
    public static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}
