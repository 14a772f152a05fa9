using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;

namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>
/// Compresses short messages by what all of them have in common: raw DEFLATE (RFC 1951) that begins behind a text of the field's usual words, which both sides know and which is not stored.
/// A dictionary that was ever used stays in the module for ever; a better one gets the next number.
/// </summary>
internal sealed class SharedDictionary
{
    /// <summary>The one that is used for what comes in.</summary>
    public static readonly SharedDictionary Current = new(number: 1);

    /// <summary>What ends each flush of DEFLATE, and need not be stored.</summary>
    private static readonly byte[] s_flushed = [0, 0, 0xFF, 0xFF];

    /// <summary>An empty last block.</summary>
    private static readonly byte[] s_end = [1, 0, 0, 0xFF, 0xFF];

    private readonly byte[] _text;
    private readonly byte[] _stored;

    private SharedDictionary(byte number)
    {
        Number = number;
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(SharedDictionary).Namespace}.dictionary-{number}.txt")
            ?? throw new InvalidOperationException($"The module was built without dictionary {number}.");
        _text = new byte[resource.Length];
        resource.ReadExactly(_text);
        // One block that is not compressed: its bytes are the same with every library.
        _stored = [0, .. new byte[4], .. _text];
        BinaryPrimitives.WriteUInt16LittleEndian(_stored.AsSpan(1), (ushort)_text.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(_stored.AsSpan(3), (ushort)~_text.Length);
    }

    /// <summary>Stands in front of whatever was compressed with it.</summary>
    public byte Number { get; }

    /// <summary>The dictionary with a number; <see langword="null"/> when this module has none.</summary>
    public static SharedDictionary? Find(int number) => number == Current.Number ? Current : null;

    /// <summary>Compresses.</summary>
    public byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var whole = new MemoryStream(_text.Length + content.Length);
        using var deflate = new DeflateStream(whole, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(_text);
        deflate.Flush();
        var begin = (int)whole.Length;
        deflate.Write(content);
        deflate.Flush();
        return whole.GetBuffer().AsSpan(begin, (int)whole.Length - begin - s_flushed.Length).ToArray();
    }

    /// <summary>Gives back what was compressed.</summary>
    /// <param name="compressed">As <see cref="Compress"/> gave it.</param>
    /// <param name="length">How many bytes it was.</param>
    /// <exception cref="InvalidDataException">It was not compressed with this dictionary.</exception>
    public byte[] Decompress(ReadOnlySpan<byte> compressed, int length)
    {
        byte[] whole = [.. _stored, .. compressed, .. s_flushed, .. s_end];
        using var inflate = new DeflateStream(new MemoryStream(whole, writable: false), CompressionMode.Decompress);
        var content = new byte[_text.Length + length];
        try
        {
            inflate.ReadExactly(content);
        }
        catch (EndOfStreamException problem)
        {
            throw new InvalidDataException("The compressed content is too short.", problem);
        }

        return content[_text.Length..];
    }
}
