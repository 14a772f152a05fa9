using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Erp.Customs.Benchmarks.Rendering;

/// <summary>For the reference: .NET's own encoders would write U+3000, NBSP or emoji as <c>\uXXXX</c>, so it too needs one of its own.</summary>
internal sealed class CustomsEncoder : JavaScriptEncoder
{
    private const string Escaped = "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\";

    private static readonly SearchValues<char> s_escaped = SearchValues.Create(Escaped);

    private static readonly SearchValues<byte> s_escapedUtf8 = SearchValues.Create(Encoding.ASCII.GetBytes(Escaped));

    public static CustomsEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) => new ReadOnlySpan<char>(text, textLength).IndexOfAny(s_escaped);

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(s_escapedUtf8);

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var to = new Span<char>(buffer, bufferLength);
        var letter = unicodeScalar switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => 'u' };
        numberOfCharactersWritten = letter == 'u' ? 6 : 2;
        if (bufferLength < numberOfCharactersWritten)
        {
            numberOfCharactersWritten = 0;
            return false;
        }

        (to[0], to[1]) = ('\\', letter);
        return letter != 'u' || unicodeScalar.TryFormat(to[2..], out _, "x4", System.Globalization.CultureInfo.InvariantCulture);
    }
}
