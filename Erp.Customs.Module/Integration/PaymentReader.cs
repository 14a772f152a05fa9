using System.Text;
using System.Text.Json;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Integration;

/// <summary>Reads the JSON of a payment. Everything that has the wrong shape is named at once, by path; what the fields may hold is judged by the rules, later.</summary>
internal sealed class PaymentReader : FieldReader
{
    private static readonly string[] Known =
    [
        "merchant", "payTransactionId", "payCode", "totalAmount", "currency", "verDept", "payType", "tradingTime", "note", "orders",
        "initalRequest", "initalResponse", "initalRequestBase64", "initalResponseBase64", "charset", "tradeNo",
    ];

    private static readonly string[] RawNames = ["initalRequest", "initalResponse", "initalRequestBase64", "initalResponseBase64", "charset"];

    private static readonly string[] KnownOfOrder = ["orderNo", "goods", "recpAccount", "recpCode", "recpName"];

    /// <summary>Reads a delivery.</summary>
    public PaymentDelivery Delivery(JsonElement root)
    {
        var facts = Facts(root);
        if (Has(root, "tradeNo"))
        {
            foreach (var raw in RawNames.Where(name => Has(root, name)))
            {
                Wrong(raw, "提供 tradeNo 时不得提供", "must not stand beside tradeNo");
            }

            return PaymentDelivery.OfCaptured(Text(root, "merchant", ""), Text(root, "payTransactionId", ""), Text(root, "tradeNo", ""), facts);
        }

        return new PaymentDelivery(
            Text(root, "merchant", ""),
            Text(root, "payTransactionId", ""),
            Message(root, "initalRequest"),
            Message(root, "initalResponse"),
            facts);
    }

    /// <summary>Reads a correction: as a delivery, without the raw exchange; the identity stands in the address.</summary>
    public PaymentCorrection Correction(JsonElement root, string merchant, string payTransactionId, string correctedBy)
    {
        foreach (var raw in RawNames.Append("tradeNo"))
        {
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(raw, out _))
            {
                Wrong(raw, "原始报文不可更改，更正时不得提供", "the raw exchange never changes and is not part of a correction");
            }
        }

        Same(root, "merchant", merchant);
        Same(root, "payTransactionId", payTransactionId);
        return new PaymentCorrection(merchant, payTransactionId, Facts(root), correctedBy);
    }

    private PaymentFacts Facts(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Wrong("$", "应为 JSON 对象", "must be a JSON object");
            return new PaymentFacts("", 0, "", "", "", default, "", []);
        }

        NothingElse(root, "", Known);
        return new PaymentFacts(
            Text(root, "payCode", ""),
            Amount(root, "totalAmount"),
            Text(root, "currency", ""),
            Text(root, "verDept", ""),
            Optional(root, "payType", ""),
            Time(root, "tradingTime"),
            Optional(root, "note", ""),
            Items(root, "orders", "").Select((order, i) => Order(order, $"orders[{i}]")).ToList());
    }

    private PaidOrder Order(JsonElement order, string path)
    {
        NothingElse(order, path, KnownOfOrder);
        return new PaidOrder(
            Text(order, "orderNo", path),
            GoodsOf(order, path),
            Text(order, "recpAccount", path),
            Optional(order, "recpCode", path),
            Text(order, "recpName", path));
    }

    private RawMessage Message(JsonElement root, string name)
    {
        var base64 = name + "Base64";
        var asText = Has(root, name);
        var asBytes = Has(root, base64);
        if (asText == asBytes)
        {
            Wrong(name, $"{name} 与 {base64} 须且只能提供一个", $"exactly one of {name} and {base64} is needed");
            return new RawMessage(default, "utf-8");
        }

        if (asText)
        {
            return new RawMessage(Encoding.UTF8.GetBytes(Text(root, name, "")), "utf-8");
        }

        var charset = Text(root, "charset", "");
        if (root.GetProperty(base64).ValueKind == JsonValueKind.String && root.GetProperty(base64).TryGetBytesFromBase64(out var bytes))
        {
            return new RawMessage(bytes, charset);
        }

        Wrong(base64, "不是 Base64 文本", "is not Base64 text");
        return new RawMessage(default, charset);
    }

    private void Same(JsonElement root, string name, string inAddress)
    {
        if (Has(root, name) && String(root.GetProperty(name), name) != inAddress)
        {
            Wrong(name, "与地址中的不一致", "differs from the one in the address");
        }
    }
}
