using System.Net;

namespace Erp.Customs.Contracts.Capture;

/// <summary>The content of a request or a response that is heard by a tap while it goes by, and is in everything else the content that it stands for.</summary>
internal sealed class TeeContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly MessageTap _tap;

    private TeeContent(HttpContent inner, MessageTap tap)
    {
        (_inner, _tap) = (inner, tap);
        foreach (var header in inner.Headers.NonValidated)
        {
            foreach (var value in header.Value)
            {
                Headers.TryAddWithoutValidation(header.Key, value);
            }
        }
    }

    /// <summary>What to send or hand out instead of a content, so that the tap hears it: the content itself where its bytes are in memory already.</summary>
    public static HttpContent Hear(HttpContent content, MessageTap tap)
    {
        tap.Expect(content.Headers.ContentLength);
        if (tap.End is not null)
        {
            return content;
        }

        if (!IsInMemory(content))
        {
            return new TeeContent(content, tap);
        }

        content.CopyTo(new TapStream(tap), context: null, CancellationToken.None);
        tap.Finish(TapEnd.Complete);
        return content;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _tap.Restart();
        await _inner.CopyToAsync(new TeeStream(stream, _tap), context, cancellationToken);
        _tap.Finish(TapEnd.Complete);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _tap.Restart();
        _inner.CopyTo(new TeeStream(stream, _tap), context, cancellationToken);
        _tap.Finish(TapEnd.Complete);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new TeeStream(await _inner.ReadAsStreamAsync(cancellationToken), _tap);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new TeeStream(_inner.ReadAsStream(cancellationToken), _tap);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _tap.Finish(TapEnd.Incomplete);
        }

        base.Dispose(disposing);
    }

    // Exactly these: a content derived from one of them may write something else than it holds.
    private static bool IsInMemory(HttpContent content) =>
        content.GetType() is { } type
        && (type == typeof(StringContent) || type == typeof(FormUrlEncodedContent) || type == typeof(ByteArrayContent) || type == typeof(ReadOnlyMemoryContent));

    /// <summary>Writes into a tap alone.</summary>
    private sealed class TapStream(MessageTap tap) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => tap.Append(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => tap.Append(buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
