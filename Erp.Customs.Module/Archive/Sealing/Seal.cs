using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// What is hashed, byte for byte; docs/evidence.md says the same for strangers. A text or byte string is written as its length (4 bytes, the greatest first) and its bytes; NULL as the
/// length 0xFFFFFFFF; a whole number as the text of its decimal digits.
/// </summary>
internal static class Seal
{
    /// <summary>Bytes of a salt. 16: nobody finds a record by trying what it may have been.</summary>
    public const int SaltLength = 16;

    private const uint Null = 0xFFFFFFFF;

    /// <summary>The hash of a record: SHA-256 of its salt, its kind and the name and value of each column.</summary>
    public static byte[] Leaf(byte[] salt, SealedRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(salt);
        Write(buffer, record.Kind.Name);
        for (var i = 0; i < record.Values.Length; i++)
        {
            Write(buffer, record.Kind.Columns[i]);
            WriteValue(buffer, record.Values[i]);
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    /// <summary>The chain after a seal: SHA-256 of the chain before it, its four numbers (8 bytes each, the greatest first), its kind and its leaf.</summary>
    public static byte[] Chain(byte[] before, EvidenceRow seal)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        buffer.Write(before);
        foreach (var number in (ReadOnlySpan<long>)[seal.Number, seal.SealedAt, seal.RecordId, seal.RecordNo])
        {
            BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(sizeof(long)), number);
            buffer.Advance(sizeof(long));
        }

        Write(buffer, seal.Kind);
        buffer.Write(seal.Leaf);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void WriteValue(ArrayBufferWriter<byte> buffer, object? value)
    {
        switch (value)
        {
            case null:
                WriteLength(buffer, Null);
                break;
            case byte[] bytes:
                WriteLength(buffer, (uint)bytes.Length);
                buffer.Write(bytes);
                break;
            default:
                Write(buffer, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string text)
    {
        WriteLength(buffer, (uint)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private static void WriteLength(ArrayBufferWriter<byte> buffer, uint length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.GetSpan(sizeof(uint)), length);
        buffer.Advance(sizeof(uint));
    }
}
