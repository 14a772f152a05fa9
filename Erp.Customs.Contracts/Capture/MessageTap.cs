namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// A copy of one message, made while it goes by. Told every byte and then the end, once; holds at most the limit, and nothing any more once it is exceeded.
/// </summary>
/// <param name="limit">Largest message in bytes.</param>
/// <param name="ended">Told the end.</param>
internal sealed class MessageTap(int limit, Action<MessageTap> ended)
{
    /// <summary>Room at first where the length is not known. 1 KiB.</summary>
    private const int FirstRoom = 1024;

    private byte[] _bytes = [];
    private int _length;
    private long? _expected;
    private int _isEnded;

    /// <summary>How it ended; nothing before that.</summary>
    public TapEnd? End { get; private set; }

    /// <summary>The message; empty unless it ended complete.</summary>
    public ReadOnlyMemory<byte> Bytes => End == TapEnd.Complete ? _bytes.AsMemory(0, _length) : default;

    /// <summary>How long the sender says it is: with its last byte it is complete, though nobody asks for the end.</summary>
    public void Expect(long? length)
    {
        _expected = length;
        if (length > limit)
        {
            Finish(TapEnd.TooLarge);
        }
        else if (length is 0)
        {
            Finish(TapEnd.Complete);
        }
    }

    /// <summary>The next bytes went by.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (End is not null)
        {
            return;
        }

        if (bytes.Length > limit - _length)
        {
            Finish(TapEnd.TooLarge);
            _bytes = [];
            return;
        }

        if (bytes.Length > _bytes.Length - _length)
        {
            Grow(_length + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        if (_length == _expected)
        {
            Finish(TapEnd.Complete);
        }
    }

    /// <summary>The message is sent or read from its beginning again.</summary>
    public void Restart() => _length = End is null ? 0 : _length;

    /// <summary>Nothing more will come. Only the first end counts. Somebody may give a message up while another still reads it, so the bytes are left alone.</summary>
    public void Finish(TapEnd end)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0)
        {
            End = end;
            ended(this);
        }
    }

    private void Grow(int needed)
    {
        var room = Math.Max(Math.Max(FirstRoom, _bytes.Length * 2), needed);
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max(room, _expected ?? 0), limit));
    }
}

/// <summary>How a message ended.</summary>
internal enum TapEnd
{
    /// <summary>Every byte went by.</summary>
    Complete,

    /// <summary>It is larger than the limit.</summary>
    TooLarge,

    /// <summary>It broke off, or nobody wanted the rest.</summary>
    Incomplete,
}
