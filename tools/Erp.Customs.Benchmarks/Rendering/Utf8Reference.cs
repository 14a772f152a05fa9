using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Benchmarks.Rendering;

/// <summary>
/// The limit: what a careful hand writes for this one purpose. Head and lists straight to UTF-8, once; sign text and payload put together from these bytes;
/// every buffer is used again.
/// </summary>
internal sealed class Utf8Reference : IDisposable
{
    private readonly ArrayBufferWriter<byte> _head = new(16 * 1024);
    private readonly ArrayBufferWriter<byte> _lists = new(16 * 1024);
    private readonly ArrayBufferWriter<byte> _payload = new(32 * 1024);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { Encoder = CustomsEncoder.Instance, SkipValidation = true });

    /// <summary>The text that is signed.</summary>
    public ArrayBufferWriter<byte> SignText { get; } = new(32 * 1024);

    /// <summary>Renders head and lists and puts the sign text together.</summary>
    public void Render(PayExchange exchange, string sessionId, long serviceTime)
    {
        _head.ResetWrittenCount();
        _writer.Reset(_head);
        Head(exchange.Head);
        _lists.ResetWrittenCount();
        _writer.Reset(_lists);
        Lists(exchange.Lists);
        SignText.ResetWrittenCount();
        SignText.Write("\"sessionID\":\""u8);
        Text(SignText, sessionId);
        SignText.Write("\"||\"payExchangeInfoHead\":\""u8);
        SignText.Write(_head.WrittenSpan);
        SignText.Write("\"||\"payExchangeInfoLists\":\""u8);
        SignText.Write(_lists.WrittenSpan);
        SignText.Write("\"||\"serviceTime\":\""u8);
        Number(SignText, serviceTime);
        SignText.Write("\""u8);
    }

    /// <summary>Puts the payload together, from what <see cref="Render"/> rendered.</summary>
    public ReadOnlySpan<byte> Payload(string sessionId, long serviceTime, string certNo, string signValue)
    {
        _payload.ResetWrittenCount();
        _payload.Write("{\"sessionID\":\""u8);
        Text(_payload, sessionId);
        _payload.Write("\",\"payExchangeInfoHead\":"u8);
        _payload.Write(_head.WrittenSpan);
        _payload.Write(",\"payExchangeInfoLists\":"u8);
        _payload.Write(_lists.WrittenSpan);
        _payload.Write(",\"serviceTime\":\""u8);
        Number(_payload, serviceTime);
        _payload.Write("\",\"certNo\":\""u8);
        Text(_payload, certNo);
        _payload.Write("\",\"signValue\":\""u8);
        Text(_payload, signValue);
        _payload.Write("\"}"u8);
        return _payload.WrittenSpan;
    }

    public void Dispose() => _writer.Dispose();

    private static void Text(ArrayBufferWriter<byte> to, string text)
    {
        var length = System.Text.Encoding.UTF8.GetBytes(text, to.GetSpan(text.Length * 3));
        to.Advance(length);
    }

    private static void Number(ArrayBufferWriter<byte> to, long number)
    {
        number.TryFormat(to.GetSpan(20), out var length, default, CultureInfo.InvariantCulture);
        to.Advance(length);
    }

    private void Head(PayExchangeHead head)
    {
        _writer.WriteStartObject();
        _writer.WriteString("guid"u8, head.Guid);
        _writer.WriteString("initalRequest"u8, head.InitalRequest);
        _writer.WriteString("initalResponse"u8, head.InitalResponse);
        _writer.WriteString("ebpCode"u8, head.EbpCode);
        _writer.WriteString("payCode"u8, head.PayCode);
        _writer.WriteString("payTransactionId"u8, head.PayTransactionId);
        _writer.WritePropertyName("totalAmount"u8);
        Span<char> amount = stackalloc char[40];
        head.TotalAmount.TryFormat(amount, out var digits, "0.#####", CultureInfo.InvariantCulture);
        _writer.WriteRawValue(amount[..digits], skipInputValidation: true);
        _writer.WriteString("currency"u8, head.Currency);
        _writer.WriteString("verDept"u8, head.VerDept);
        _writer.WriteString("payType"u8, head.PayType);
        _writer.WriteString("tradingTime"u8, head.TradingTime);
        _writer.WriteString("note"u8, head.Note);
        _writer.WriteEndObject();
        _writer.Flush();
    }

    private void Lists(IReadOnlyList<PayExchangeOrder> orders)
    {
        _writer.WriteStartArray();
        foreach (var order in orders)
        {
            _writer.WriteStartObject();
            _writer.WriteString("orderNo"u8, order.OrderNo);
            _writer.WriteStartArray("goodsInfo"u8);
            foreach (var goods in order.GoodsInfo)
            {
                _writer.WriteStartObject();
                _writer.WriteString("gname"u8, goods.Gname);
                _writer.WriteString("itemLink"u8, goods.ItemLink);
                _writer.WriteEndObject();
            }

            _writer.WriteEndArray();
            _writer.WriteString("recpAccount"u8, order.RecpAccount);
            _writer.WriteString("recpCode"u8, order.RecpCode);
            _writer.WriteString("recpName"u8, order.RecpName);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
        _writer.Flush();
    }
}
