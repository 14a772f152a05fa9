namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>
/// A form or an address writes each byte of a Chinese word as three characters (<c>%E5%A5%B6</c>), which no compressor sees through. Before it compresses, such bytes are put for their
/// characters, where this can be undone byte for byte: in messages of nothing but ASCII, so that every byte above it came from three characters.
/// </summary>
internal static class PercentCode
{
    private const byte FirstBeyondAscii = 0x80;

    /// <summary>Puts bytes for the upper-case codes <c>%80</c> to <c>%FF</c>.</summary>
    /// <returns><see langword="null"/> when the content is not ASCII or has no such code.</returns>
    public static byte[]? Shorten(ReadOnlySpan<byte> content)
    {
        if (!System.Text.Ascii.IsValid(content))
        {
            return null;
        }

        var shorter = new byte[content.Length];
        var length = 0;
        for (var i = 0; i < content.Length; length++)
        {
            if (CodeAt(content[i..]) is var code and >= FirstBeyondAscii)
            {
                shorter[length] = (byte)code;
                i += 3;
            }
            else
            {
                shorter[length] = content[i++];
            }
        }

        return length == content.Length ? null : shorter[..length];
    }

    /// <summary>Undoes it.</summary>
    public static byte[] Lengthen(ReadOnlySpan<byte> shorter)
    {
        var content = new List<byte>(shorter.Length * 2);
        foreach (var one in shorter)
        {
            if (one < FirstBeyondAscii)
            {
                content.Add(one);
            }
            else
            {
                content.AddRange([(byte)'%', Digit(one >> 4), Digit(one & 0xF)]);
            }
        }

        return [.. content];
    }

    private static byte Digit(int value) => "0123456789ABCDEF"u8[value];

    private static int CodeAt(ReadOnlySpan<byte> content) =>
        content is [(byte)'%', var high, var low, ..] ? ("0123456789ABCDEF"u8.IndexOf(high) * 16) + ("0123456789ABCDEF"u8.IndexOf(low) is >= 0 and var digit ? digit : -256) : -1;
}
