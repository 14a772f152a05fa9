using System.Text.Json;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Integration;

/// <summary>Reads the JSON of an order for the payment-customs bridge. Names what has the wrong shape; what the fields may hold is judged by the rules, later.</summary>
internal sealed class PushReader : FieldReader
{
    private static readonly string[] Known =
    [
        "merchant", "orderNo", "receiverName", "receiverCardNo", "receiverMobile", "totalNum", "orderTotal", "payTime", "customsCode", "operation", "goods",
    ];

    /// <summary>Reads an order.</summary>
    public OrderPush Push(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Wrong("$", "应为 JSON 对象", "must be a JSON object");
            return new OrderPush("", "", "", "", "", 0, 0, default, "", "", []);
        }

        NothingElse(root, "", Known);
        return new OrderPush(
            Text(root, "merchant", ""),
            Text(root, "orderNo", ""),
            Text(root, "receiverName", ""),
            Text(root, "receiverCardNo", ""),
            Text(root, "receiverMobile", ""),
            TotalNum(root),
            Amount(root, "orderTotal"),
            Time(root, "payTime"),
            Optional(root, "customsCode", ""),
            Text(root, "operation", ""),
            GoodsOf(root, ""));
    }

    private int TotalNum(JsonElement root)
    {
        var amount = Amount(root, "totalNum");
        if (amount == decimal.Truncate(amount) && amount is >= int.MinValue and <= int.MaxValue)
        {
            return (int)amount;
        }

        Wrong("totalNum", "应为整数", "must be a whole number");
        return 0;
    }
}
