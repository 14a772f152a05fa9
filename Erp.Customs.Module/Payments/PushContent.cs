using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>The stored form of what the ERP handed in: JSON in UTF-8 with a fixed order of fields, the same bytes for the same content, whether it is added or updated.</summary>
internal static class PushContent
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it down.</summary>
    public static NewPush Store(OrderPush push, IReadOnlyList<string> flags)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Content(push.ReceiverName, push.ReceiverCardNo, push.ReceiverMobile, push.TotalNum, Exact(push.OrderTotal), push.PayTime.ToOffset(ChinaTime.Offset), push.CustomsCode, push.Goods), Json);
        return new NewPush(push.Merchant, push.OrderNo, push.Operation, content, SHA256.HashData(content), push.ReceiverCardNo, push.PayTime, flags);
    }

    /// <summary>Reads what <see cref="Store"/> wrote.</summary>
    public static OrderPush Read(BridgeOrder order)
    {
        var content = JsonSerializer.Deserialize<Content>(order.Content, Json)!;
        return new OrderPush(
            order.Merchant, order.OrderNo, content.ReceiverName, content.ReceiverCardNo, content.ReceiverMobile, content.TotalNum, content.OrderTotal, content.PayTime,
            content.CustomsCode, order.Operation, content.Goods);
    }

    /// <summary>100, 100.0 and 100.00 are one amount and are written as one.</summary>
    private static decimal Exact(decimal amount) => decimal.Round(amount, 2) + 0.00m;

    private sealed record Content(
        string ReceiverName, string ReceiverCardNo, string ReceiverMobile, int TotalNum, decimal OrderTotal, DateTimeOffset PayTime, string CustomsCode, IReadOnlyList<Goods> Goods);
}
