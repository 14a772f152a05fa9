namespace Erp.Customs.Contracts.Capture;

/// <summary>A stream through which a message is read or written; the tap hears every byte after the one who asked for it. Nothing else changes.</summary>
internal sealed class TeeStream(Stream inner, MessageTap tap) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanTimeout => inner.CanTimeout;

    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    public override int WriteTimeout { get => inner.WriteTimeout; set => inner.WriteTimeout = value; }

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set
        {
            inner.Position = value;
            Moved(value);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Heard(buffer[..read], asked: buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return WaitAsync(reading, buffer);
        }

        var read = reading.Result;
        Heard(buffer.Span[..read], asked: buffer.Length);
        return new(read);
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override void CopyTo(Stream destination, int bufferSize)
    {
        inner.CopyTo(new TeeStream(destination, tap), bufferSize);
        tap.Finish(TapEnd.Complete);
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        await inner.CopyToAsync(new TeeStream(destination, tap), bufferSize, cancellationToken);
        tap.Finish(TapEnd.Complete);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        tap.Append(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        tap.Append(buffer.Span);
    }

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = inner.Seek(offset, origin);
        Moved(position);
        return position;
    }

    public override void SetLength(long value) => inner.SetLength(value);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        tap.Finish(TapEnd.Incomplete);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            tap.Finish(TapEnd.Incomplete);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        var read = await reading;
        Heard(buffer.Span[..read], asked: buffer.Length);
        return read;
    }

    // A read of nothing tells that there is something to read, not that there is nothing more.
    private void Heard(ReadOnlySpan<byte> bytes, int asked)
    {
        if (!bytes.IsEmpty)
        {
            tap.Append(bytes);
        }
        else if (asked > 0)
        {
            tap.Finish(TapEnd.Complete);
        }
    }

    // Whoever buffers a body reads it again from its beginning; anything else would leave a gap.
    private void Moved(long position)
    {
        if (position == 0)
        {
            tap.Restart();
        }
        else
        {
            tap.Finish(TapEnd.Incomplete);
        }
    }
}
