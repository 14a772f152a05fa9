using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>A record as it is sealed: the columns that never change, its bytes in clear.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">As in <c>evidence.record_id</c>.</param>
/// <param name="No">As in <c>evidence.record_no</c>.</param>
/// <param name="Values">Of <see cref="SealedKind.Columns"/>: numbers, texts, bytes or <see langword="null"/>.</param>
internal sealed record SealedRecord(SealedKind Kind, long Id, long No, object?[] Values)
{
    /// <summary>Why some of its content cannot be read, and is not among the values; <see langword="null"/> when all of it can.</summary>
    public UnreadableContentException? Unreadable { get; init; }

    /// <summary>A column's value.</summary>
    public object? this[string column] => Values[Array.IndexOf(Kind.Columns, column)];
}

/// <summary>A record that has no seal yet.</summary>
/// <param name="Cursor">Where it was found: the next look goes on behind it.</param>
/// <param name="Record">The record.</param>
internal sealed record UnsealedRecord(long Cursor, SealedRecord Record);

/// <summary>A row of <c>evidence</c>.</summary>
internal sealed class EvidenceRow
{
    public long Number { get; set; }
    public string Kind { get; set; } = "";
    public long RecordId { get; set; }
    public long RecordNo { get; set; }
    public long SealedAt { get; set; }
    public byte[]? Salt { get; set; }
    public byte[] Leaf { get; set; } = [];
    public byte[] Chain { get; set; } = [];
    public long? ErasedBy { get; set; }
}

/// <summary>The end of the chain.</summary>
/// <param name="Number">The last number; 0 when nothing is sealed.</param>
/// <param name="Chain">Its chain value; 32 zero bytes when nothing is sealed.</param>
internal sealed record ChainHead(long Number, byte[] Chain)
{
    /// <summary>Before the first record.</summary>
    public static readonly ChainHead None = new(0, new byte[32]);
}
