using System.Text;

namespace Erp.Customs.Contracts.Capture;

/// <summary>Something on its way from a payment to the spool.</summary>
internal abstract class QueuedCapture
{
    /// <summary>Bytes that it holds in memory.</summary>
    public abstract int Size { get; }

    /// <summary>What to log when there is no room for it.</summary>
    public abstract string Detail { get; }

    /// <summary>Makes messages of it. In the background.</summary>
    public abstract void Read(CaptureCounts counts, List<CapturedMessage> into);
}

/// <summary>A message that came with everything.</summary>
internal sealed class NotedCapture(CapturedMessage message) : QueuedCapture
{
    public override int Size => message.Message.Bytes.Length;

    public override string Detail => message.TradeNo;

    public override void Read(CaptureCounts counts, List<CapturedMessage> into) => into.Add(message);
}

/// <summary>One end of an HTTP exchange: its request or its response.</summary>
internal sealed class ExchangePart(HttpExchange exchange, bool isRequest, RawPart part) : QueuedCapture
{
    public override int Size => part.Bytes.Length;

    public override string Detail => exchange.Origin;

    public override void Read(CaptureCounts counts, List<CapturedMessage> into) => exchange.Take(isRequest, part, counts, into);
}

/// <summary>A notify and the ERP's answer.</summary>
internal sealed class NotifyExchange(PaymentNotifyCaptureOptions options, string method, string address, RawPart notify, RawPart answer, int status) : QueuedCapture
{
    private readonly SourceReader _reader = new(options, method, address);

    public override int Size => notify.Bytes.Length + answer.Bytes.Length;

    public override string Detail => _reader.Origin;

    public override void Read(CaptureCounts counts, List<CapturedMessage> into)
    {
        var heard = notify.Unpacked(options.MessageLimit);
        if (heard.End != TapEnd.Complete)
        {
            counts.Add(SourceReader.OutcomeOf(heard.End), _reader.Origin);
            return;
        }

        var answered = answer.Unpacked(options.MessageLimit);
        var texts = _reader.Texts(heard, answered);
        if (!options.Accepted(texts, status))
        {
            counts.Add(CaptureOutcome.Refused, _reader.Origin);
            return;
        }

        if (!_reader.TryFind(texts))
        {
            counts.Add(CaptureOutcome.Unassigned, _reader.Origin);
            return;
        }

        into.Add(_reader.Message(CapturedKind.Notify, heard, counts));
        if (answered.End == TapEnd.Complete)
        {
            into.Add(_reader.Message(CapturedKind.NotifyAnswer, answered, counts));
        }
    }
}

/// <summary>Finds out what the messages of one exchange belong to.</summary>
internal sealed class SourceReader(CaptureSourceOptions options, string method, string address)
{
    private string _merchant = "";
    private string _tradeNo = "";

    /// <summary>The address without its query, which may hold anything.</summary>
    public string Origin
    {
        get
        {
            var query = address.IndexOf('?', StringComparison.Ordinal);
            var origin = options.OriginOf(method, query < 0 ? address : address[..query]);
            return origin.Length <= CapturedMessage.OriginLimit ? origin : origin[..CapturedMessage.OriginLimit];
        }
    }

    /// <summary>Whether it is known.</summary>
    public bool IsFound => _tradeNo.Length > 0;

    /// <summary>What a part that was not captured counts as.</summary>
    public static CaptureOutcome OutcomeOf(TapEnd end) => end == TapEnd.TooLarge ? CaptureOutcome.TooLarge : CaptureOutcome.Incomplete;

    /// <summary>Whether merchant and trade number have the permitted shape.</summary>
    public static bool IsShaped(string? merchant, string? tradeNo) =>
        merchant is { Length: > 0 and <= CapturedMessage.MerchantLimit } && tradeNo is { Length: > 0 and <= CapturedMessage.TradeNoLimit } && !tradeNo.Any(char.IsControl);

    /// <summary>The exchange as far as it is known.</summary>
    public PaymentTexts Texts(RawPart? request, RawPart? response) => new(
        address,
        request is null || request.Bytes.IsEmpty ? address : request.Text(),
        response is null || response.Bytes.IsEmpty ? "" : response.Text());

    /// <summary>Asks the options' functions.</summary>
    public bool TryFind(PaymentTexts texts)
    {
        var merchant = options.MerchantOf?.Invoke(texts) is { Length: > 0 } found ? found : options.Merchant;
        var tradeNo = options.TradeNo!(texts)?.Trim();
        if (!IsShaped(merchant, tradeNo))
        {
            return false;
        }

        (_merchant, _tradeNo) = (merchant!, tradeNo!);
        return true;
    }

    /// <summary>Makes a message of a part. Of a request without a body, the address is the message.</summary>
    public CapturedMessage Message(CapturedKind kind, RawPart part, CaptureCounts counts)
    {
        var isAddress = kind is CapturedKind.Request or CapturedKind.Notify && part.Bytes.IsEmpty;
        counts.Add(CaptureOutcome.Captured);
        return new CapturedMessage(
            Guid.NewGuid(), _merchant, _tradeNo, kind,
            isAddress ? new RawMessage(Encoding.UTF8.GetBytes(address), "utf-8") : new RawMessage(part.Bytes, part.Charset()),
            part.At, Origin);
    }
}
