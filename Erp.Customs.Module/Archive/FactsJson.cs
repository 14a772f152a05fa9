using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive;

/// <summary>The stored form of a payment's facts: JSON in UTF-8 with a fixed order of fields; the amount is a string and stays exact, the time is China time.</summary>
internal static class FactsJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes facts down with their sum.</summary>
    public static StoredFacts Store(PaymentFacts facts)
    {
        var json = Write(facts);
        return new(json, SHA256.HashData(json), facts.TradingTime, [.. facts.Orders.Select(order => order.OrderNo).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Writes facts.</summary>
    public static byte[] Write(PaymentFacts facts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteString("payCode", facts.PayCode);
            json.WriteString("totalAmount", facts.TotalAmount.ToString("0.############################", CultureInfo.InvariantCulture));
            json.WriteString("currency", facts.Currency);
            json.WriteString("verDept", facts.VerDept);
            json.WriteString("payType", facts.PayType);
            json.WriteString("tradingTime", facts.TradingTime.ToOffset(ChinaTime.Offset).ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("note", facts.Note);
            json.WriteStartArray("orders");
            foreach (var order in facts.Orders)
            {
                WriteOrder(json, order);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static PaymentFacts Read(byte[] stored)
    {
        using var document = JsonDocument.Parse(stored);
        var facts = document.RootElement;
        return new(
            Text(facts, "payCode"),
            decimal.Parse(Text(facts, "totalAmount"), NumberStyles.Number, CultureInfo.InvariantCulture),
            Text(facts, "currency"),
            Text(facts, "verDept"),
            Text(facts, "payType"),
            DateTimeOffset.ParseExact(Text(facts, "tradingTime"), "O", CultureInfo.InvariantCulture),
            Text(facts, "note"),
            [.. facts.GetProperty("orders").EnumerateArray().Select(ReadOrder)]);
    }

    private static void WriteOrder(Utf8JsonWriter json, PaidOrder order)
    {
        json.WriteStartObject();
        json.WriteString("orderNo", order.OrderNo);
        json.WriteStartArray("goods");
        foreach (var goods in order.Goods)
        {
            json.WriteStartObject();
            json.WriteString("gname", goods.GName);
            json.WriteString("itemLink", goods.ItemLink);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("recpAccount", order.RecpAccount);
        json.WriteString("recpCode", order.RecpCode);
        json.WriteString("recpName", order.RecpName);
        json.WriteEndObject();
    }

    private static PaidOrder ReadOrder(JsonElement order) => new(
        Text(order, "orderNo"),
        [.. order.GetProperty("goods").EnumerateArray().Select(goods => new Goods(Text(goods, "gname"), Text(goods, "itemLink")))],
        Text(order, "recpAccount"),
        Text(order, "recpCode"),
        Text(order, "recpName"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
