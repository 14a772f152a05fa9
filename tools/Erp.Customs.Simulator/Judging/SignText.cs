using System.Buffers;
using System.Text.Json;

namespace Erp.Customs.Simulator.Judging;

/// <summary>加签原文 (1.4), put together from the very bytes of the payload.</summary>
internal static class SignText
{
    /// <summary>The four items joined by <c>||</c>, each value between plain quotes.</summary>
    /// <param name="root">A payload without broken rules.</param>
    public static byte[] Cut(RawJson root)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write("\"sessionID\":\""u8);
        text.Write(Unquoted(root["sessionID"]));
        text.Write("\"||\"payExchangeInfoHead\":\""u8);
        text.Write(root["payExchangeInfoHead"].Bytes.Span);
        text.Write("\"||\"payExchangeInfoLists\":\""u8);
        text.Write(root["payExchangeInfoLists"].Bytes.Span);
        text.Write("\"||\"serviceTime\":\""u8);
        text.Write(Unquoted(root["serviceTime"]));
        text.Write("\""u8);
        return text.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Unquoted(RawJson value) => value.Type is JsonTokenType.String ? value.Bytes.Span[1..^1] : value.Bytes.Span;
}
