using System.Text;

namespace Erp.Customs.Contracts.Capture;

/// <summary>The doors through which messages come in: each hands over and is done.</summary>
internal sealed class PaymentCapture(CaptureSpool spool, CaptureCounts counts, TimeProvider time) : IPaymentCapture
{
    public int Spooled => spool.Spooled;

    /// <summary>The time of a message.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public void Note(string merchant, string tradeNo, CapturedKind kind, string text, string origin = "note")
    {
        try
        {
            Note(merchant, tradeNo, kind, new RawMessage(Encoding.UTF8.GetBytes(text), "utf-8"), origin);
        }
        catch (Exception exception)
        {
            Failed(exception, "note");
        }
    }

    public void Note(string merchant, string tradeNo, CapturedKind kind, RawMessage message, string origin = "note")
    {
        try
        {
            var number = tradeNo?.Trim();
            if (!SourceReader.IsShaped(merchant, number) || message.Charset is not { Length: > 0 and <= CapturedMessage.CharsetLimit })
            {
                counts.Add(CaptureOutcome.Unassigned, "note");
                return;
            }

            var from = origin.Length <= CapturedMessage.OriginLimit ? origin : origin[..CapturedMessage.OriginLimit];
            counts.Add(CaptureOutcome.Captured);
            Offer(new NotedCapture(new CapturedMessage(Guid.NewGuid(), merchant, number!, kind, message with { Bytes = message.Bytes.ToArray() }, Now, from)));
        }
        catch (Exception exception)
        {
            Failed(exception, "note");
        }
    }

    public DelegatingHandler Handler(Action<RawPaymentCaptureOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RawPaymentCaptureOptions();
        configure(options);
        options.Check();
        return new RawPaymentCaptureHandler(this, options);
    }

    public long Count(CaptureOutcome outcome) => counts.Of(outcome);

    public Task FlushAsync(CancellationToken cancellationToken) => spool.FlushAsync(cancellationToken);

    /// <summary>Hands over; never throws, never waits.</summary>
    public void Offer(QueuedCapture capture)
    {
        try
        {
            spool.Offer(capture);
        }
        catch (Exception exception)
        {
            Failed(exception, "queue");
        }
    }

    /// <summary>Something was thrown where the payment must not see it.</summary>
    public void Failed(Exception exception, string where) => counts.Add(exception, where);
}
