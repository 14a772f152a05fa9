using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>
/// How content is kept (保管): every column of bytes goes through here on its way into the database and out of it. Compressed and encrypted, several parts together where they have much in
/// common; docs/evidence.md has the form, byte for byte.
/// </summary>
internal sealed class ContentVault(ContentKeys keys)
{
    private const byte NotCompressed = 0;
    private const int PartHead = sizeof(ushort) + sizeof(int);

    /// <summary>Nothing shorter is compressed: the openReq of a request is not, which customs wait for. 256 bytes.</summary>
    private const int ShortestCompressed = 256;

    /// <summary>Whatever begins otherwise was stored before content was encrypted, and is as it was.</summary>
    private static readonly byte[] s_mark = [0x00, 0xEC];

    private static readonly int s_headLength = s_mark.Length + 1 + ContentKey.IdLength;

    /// <summary>The keys.</summary>
    public ContentKeys Keys => keys;

    /// <summary>What is stored of a content. Nothing stays nothing.</summary>
    public byte[] Keep(byte[] content) => content.Length == 0 ? content : KeepTogether(content);

    /// <summary>What is stored of parts that go together.</summary>
    /// <param name="parts">At most 255, each with its place.</param>
    public byte[] KeepTogether(params IReadOnlyList<byte[]> parts)
    {
        var body = Join(parts);
        var (form, packed) = (NotCompressed, body);
        if (body.Length >= ShortestCompressed && SharedDictionary.Current.Compress(body) is var compressed && compressed.Length + sizeof(int) < body.Length)
        {
            (form, packed) = (SharedDictionary.Current.Number, new byte[sizeof(int) + compressed.Length]);
            BinaryPrimitives.WriteInt32BigEndian(packed, body.Length);
            compressed.CopyTo(packed.AsSpan(sizeof(int)));
        }

        var key = keys.Current;
        var kept = new byte[s_headLength + ContentKey.Overhead + packed.Length];
        byte[] head = [.. s_mark, form, .. key.IdBytes];
        head.CopyTo(kept, 0);
        key.Encrypt(packed, head, kept.AsSpan(s_headLength));
        return kept;
    }

    /// <summary>The content of what is stored.</summary>
    /// <exception cref="UnreadableContentException">It cannot be read.</exception>
    public byte[] Open(byte[] kept) => OpenTogether(kept)[0];

    /// <summary>The parts of what is stored; one where it was stored alone.</summary>
    /// <exception cref="UnreadableContentException">It cannot be read.</exception>
    public IReadOnlyList<byte[]> OpenTogether(byte[] kept)
    {
        if (!kept.AsSpan().StartsWith(s_mark))
        {
            return [kept];
        }

        if (kept.Length < s_headLength)
        {
            throw UnreadableContentException.Damaged();
        }

        var head = kept.AsSpan(0, s_headLength);
        var key = keys.Find(head[^ContentKey.IdLength..]) ?? throw UnreadableContentException.WithoutKey(Convert.ToHexStringLower(head[^ContentKey.IdLength..]));
        try
        {
            return Split(Unpack(head[s_mark.Length], key.Decrypt(kept.AsSpan(s_headLength), head)));
        }
        catch (Exception problem) when (problem is CryptographicException or InvalidDataException)
        {
            throw UnreadableContentException.Damaged(problem);
        }
    }

    /// <summary>A part of a record's content: in its own column, or, where that is empty, in the one that keeps it together with others.</summary>
    /// <param name="own">Its own column.</param>
    /// <param name="together">The other one.</param>
    /// <param name="part">Which of that one's parts it is.</param>
    /// <exception cref="UnreadableContentException">It cannot be read.</exception>
    public byte[] Open(byte[] own, byte[] together, int part) => own.Length > 0 ? Open(own) : Part(OpenTogether(together), part);

    /// <summary>A part of what was kept together.</summary>
    /// <exception cref="UnreadableContentException">Something else stands there.</exception>
    public static byte[] Part(IReadOnlyList<byte[]> parts, int part) => parts.Count > part ? parts[part] : throw UnreadableContentException.Damaged();

    /// <summary>The hashes by which a text is found that is stored as a keyed hash, one for each key that it may have been stored under.</summary>
    public IReadOnlyList<byte[]> Fingerprints(string text) => [.. keys.All.Select(key => key.Fingerprint(text))];

    /// <summary>The hash by which a text that comes in is to be found.</summary>
    public byte[] Fingerprint(string text) => keys.Current.Fingerprint(text);

    /// <summary>The number of parts; of each what was put for codes (2 bytes) and its length (4 bytes), the greatest first; then all of them.</summary>
    private static byte[] Join(IReadOnlyList<byte[]> parts)
    {
        var body = new List<byte> { checked((byte)parts.Count) };
        var shortened = new List<byte[]>(parts.Count);
        Span<byte> head = stackalloc byte[PartHead];
        foreach (var part in parts)
        {
            ushort put = 0;
            shortened.Add(part.Length < ShortestCompressed ? part : PercentCode.Shorten(part, out put));
            BinaryPrimitives.WriteUInt16BigEndian(head, put);
            BinaryPrimitives.WriteInt32BigEndian(head[sizeof(ushort)..], shortened[^1].Length);
            body.AddRange(head);
        }

        shortened.ForEach(body.AddRange);
        return [.. body];
    }

    private static byte[] Unpack(byte form, byte[] packed)
    {
        if (form == NotCompressed)
        {
            return packed;
        }

        var dictionary = SharedDictionary.Find(form) ?? throw new InvalidDataException($"This module has no dictionary {form}.");
        return dictionary.Decompress(packed.AsSpan(sizeof(int)), BinaryPrimitives.ReadInt32BigEndian(packed));
    }

    private static byte[][] Split(byte[] body)
    {
        var parts = new byte[body[0]][];
        var rest = body.AsSpan(1 + (parts.Length * PartHead));
        for (var i = 0; i < parts.Length; i++)
        {
            var head = body.AsSpan(1 + (i * PartHead));
            var (put, length) = (BinaryPrimitives.ReadUInt16BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head[sizeof(ushort)..]));
            parts[i] = put == 0 ? rest[..length].ToArray() : PercentCode.Lengthen(rest[..length], put);
            rest = rest[length..];
        }

        return parts;
    }
}
