using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Erp.Customs.Contracts.Capture;

/// <summary>The body of a response that is heard by a tap; everything goes to the server's own body at once, with nothing kept back.</summary>
internal sealed class TeeResponseBody(IHttpResponseBodyFeature inner, MessageTap tap) : IHttpResponseBodyFeature
{
    private TeeStream? _stream;
    private TeePipeWriter? _writer;

    public Stream Stream => _stream ??= new TeeStream(inner.Stream, tap);

    public PipeWriter Writer => _writer ??= new TeePipeWriter(inner.Writer, tap);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    // Nobody answers a notify with a file; one who does is not heard.
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        tap.Finish(TapEnd.Incomplete);
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    private sealed class TeePipeWriter(PipeWriter inner, MessageTap tap) : PipeWriter
    {
        private Memory<byte> _offered;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            var written = _offered;
            _offered = default;
            if (bytes <= written.Length)
            {
                tap.Append(written.Span[..bytes]);
            }

            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _offered = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            tap.Append(source.Span);
            return inner.WriteAsync(source, cancellationToken);
        }
    }
}
