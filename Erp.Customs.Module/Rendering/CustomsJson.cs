using System.Buffers;
using System.Globalization;

namespace Erp.Customs.Module.Rendering;

/// <summary>
/// Writes JSON as customs sign it: only <c>\" \\ \b \f \n \r \t</c> and the other controls below U+0020 (<c>\u00xx</c>, lower case) are escaped.
/// Everything else stands as it is, U+3000, NBSP, U+2028, DEL and emoji included, which .NET's own encoders would write as <c>\uXXXX</c>.
/// </summary>
/// <param name="expected">About how many characters there will be.</param>
internal ref struct CustomsJson(int expected)
{
    /// <summary>One character can become <c>\u00xx</c>.</summary>
    private const int LongestEscape = 6;

    private static readonly SearchValues<char> s_escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(control => (char)control), '"', '\\']);

    private char[] _buffer = ArrayPool<char>.Shared.Rent(expected);
    private int _length;

    /// <summary>A string with its quotes.</summary>
    public static string Text(string value)
    {
        var json = new CustomsJson(value.Length + 16);
        json.String(value);
        return json.Finish();
    }

    /// <summary>A number without trailing zeros, exponent or thousands: 100.00 is <c>100</c>, 0.50 is <c>0.5</c>. Never rounded.</summary>
    public static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>Appends JSON as it is.</summary>
    public void Raw(string json)
    {
        Reserve(json.Length);
        json.CopyTo(_buffer.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>Appends a string with its quotes.</summary>
    public void String(string value)
    {
        Reserve((value.Length * LongestEscape) + 2);
        var to = _buffer.AsSpan(_length);
        to[0] = '"';
        var at = 1;
        var left = value.AsSpan();
        while (left.IndexOfAny(s_escaped) is var next and >= 0)
        {
            left[..next].CopyTo(to[at..]);
            at += next;
            at += Escape(left[next], to[at..]);
            left = left[(next + 1)..];
        }

        left.CopyTo(to[at..]);
        at += left.Length;

        to[at] = '"';
        _length += at + 1;
    }

    /// <summary>The text; nothing more can be appended.</summary>
    public string Finish()
    {
        var text = new string(_buffer, 0, _length);
        Return();
        return text;
    }

    private static int Escape(char character, Span<char> to)
    {
        to[0] = '\\';
        var letter = character switch
        {
            '"' or '\\' => character,
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => 'u',
        };
        to[1] = letter;
        if (letter != 'u')
        {
            return 2;
        }

        ((int)character).TryFormat(to[2..], out _, "x4", CultureInfo.InvariantCulture);
        return LongestEscape;
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - _length >= more)
        {
            return;
        }

        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + more, 2 * _buffer.Length));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return();
        _buffer = larger;
    }

    private void Return()
    {
        _buffer.AsSpan(0, _length).Clear(); // it held personal data
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = [];
    }
}
