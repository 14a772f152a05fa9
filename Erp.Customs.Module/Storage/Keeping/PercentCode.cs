using System.Text;

namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>
/// A form or an address writes each byte of a Chinese word, and each quote and brace of the JSON inside it, as three characters (<c>%E5%A5%B6</c>, <c>%22</c>), which no compressor sees through. Before
/// it compresses, the byte is put for its code, where this can be undone byte for byte: in messages of nothing but ASCII for every byte beyond ASCII, and for those ASCII characters that the
/// message has nowhere but in codes.
/// </summary>
internal static class PercentCode
{
    private const byte FirstBeyondAscii = 0x80;
    private const ushort BeyondAscii = 0x8000;

    /// <summary>The characters that it is done for besides; the n-th is bit n of what was put.</summary>
    private static ReadOnlySpan<byte> Characters => "\"{}[],+ |\\<>"u8;

    private static ReadOnlySpan<byte> Digits => "0123456789ABCDEF"u8;

    /// <summary>Puts bytes for upper-case codes.</summary>
    /// <param name="content">The message.</param>
    /// <param name="put">Which bytes; 0 when none was put and the message is as it was.</param>
    public static byte[] Shorten(byte[] content, out ushort put)
    {
        put = 0;
        if (!Ascii.IsValid(content))
        {
            return content;
        }

        put = BeyondAscii;
        for (var i = 0; i < Characters.Length; i++)
        {
            put |= (ushort)(content.AsSpan().Contains(Characters[i]) ? 0 : 1 << i);
        }

        var shorter = new byte[content.Length];
        var length = 0;
        for (var i = 0; i < content.Length; length++)
        {
            var code = CodeAt(content.AsSpan(i));
            (shorter[length], i) = code >= 0 && IsPut((byte)code, put) ? ((byte)code, i + 3) : (content[i], i + 1);
        }

        put = length == content.Length ? (ushort)0 : put;
        return put == 0 ? content : shorter[..length];
    }

    /// <summary>Undoes it.</summary>
    /// <param name="shorter">As <see cref="Shorten"/> gave it.</param>
    /// <param name="put">Likewise.</param>
    public static byte[] Lengthen(ReadOnlySpan<byte> shorter, ushort put)
    {
        var content = new List<byte>(shorter.Length * 2);
        foreach (var one in shorter)
        {
            if (put != 0 && IsPut(one, put))
            {
                content.AddRange([(byte)'%', Digits[one >> 4], Digits[one & 0xF]]);
            }
            else
            {
                content.Add(one);
            }
        }

        return [.. content];
    }

    private static bool IsPut(byte one, ushort put) => one >= FirstBeyondAscii || (Characters.IndexOf(one) is >= 0 and var bit && (put & (1 << bit)) != 0);

    private static int CodeAt(ReadOnlySpan<byte> content) =>
        content is [(byte)'%', var high, var low, ..] && Digits.IndexOf(high) is >= 0 and var first && Digits.IndexOf(low) is >= 0 and var second ? (first * 16) + second : -1;
}
