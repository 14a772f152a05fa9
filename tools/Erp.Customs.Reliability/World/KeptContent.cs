using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Reliability.World;

/// <summary>Reads kept content as docs/evidence.md tells strangers, by no code of the product.</summary>
/// <param name="key">32 bytes.</param>
/// <param name="dictionary">The text of dictionary 1.</param>
internal sealed class KeptContent(byte[] key, byte[] dictionary)
{
    private const int HeadLength = 7;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>With the key of the rehearsal and the dictionary of the sources.</summary>
    public static KeptContent OfRehearsal { get; } =
        new(Convert.FromBase64String(Rehearsal.ContentKey), File.ReadAllBytes(Path.Combine(Report.Root, "Erp.Customs.Module", "Storage", "Keeping", "dictionary-1.txt")));

    /// <summary>The parts of a kept content.</summary>
    public IReadOnlyList<byte[]> Open(byte[] kept)
    {
        if (kept.Length == 0 || kept is not [0x00, 0xEC, ..])
        {
            return [kept];
        }

        var body = new byte[kept.Length - HeadLength - NonceLength - TagLength];
        using (var aes = new AesGcm(key, TagLength))
        {
            aes.Decrypt(kept.AsSpan(HeadLength, NonceLength), kept.AsSpan(HeadLength + NonceLength, body.Length), kept.AsSpan(kept.Length - TagLength), body, kept.AsSpan(0, HeadLength));
        }

        return Split(kept[2] == 0 ? body : Inflate(body));
    }

    private byte[] Inflate(byte[] body)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(body);
        byte[] before = [0, .. BitConverter.GetBytes((ushort)dictionary.Length), .. BitConverter.GetBytes((ushort)~dictionary.Length), .. dictionary];
        using var inflate = new DeflateStream(new MemoryStream([.. before, .. body[4..], 0, 0, 255, 255, 1, 0, 0, 255, 255]), CompressionMode.Decompress);
        var whole = new byte[dictionary.Length + length];
        inflate.ReadExactly(whole);
        return whole[dictionary.Length..];
    }

    private static byte[][] Split(byte[] body)
    {
        var at = 1 + (6 * body[0]);
        return [.. Enumerable.Range(0, body[0]).Select(i =>
        {
            var put = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(1 + (6 * i)));
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(3 + (6 * i)));
            var part = body[at..(at + length)];
            at += length;
            return put == 0 ? part : [.. part.SelectMany(one => one >= 128 || ("\"{}[],+ |\\<>".IndexOf((char)one) is >= 0 and var bit && (put >> bit & 1) == 1) ? Encoding.ASCII.GetBytes($"%{one:X2}") : [one])];
        })];
    }
}
