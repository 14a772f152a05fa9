using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Integration;

/// <summary>Reads the JSON of the end of an order. What the fields may hold is judged later.</summary>
internal sealed class OrderEndReader : FieldReader
{
    private static readonly string[] Known = ["merchant", "kind", "endedAt"];

    /// <summary>Reads an end.</summary>
    /// <param name="root">The body.</param>
    /// <param name="orderNo">From the address.</param>
    /// <param name="toldBy">The name of the API key.</param>
    public OrderEnd End(JsonElement root, string orderNo, string toldBy)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Wrong("$", "应为 JSON 对象", "must be a JSON object");
            return new OrderEnd("", "", default, default, "");
        }

        NothingElse(root, "", Known);
        return new OrderEnd(Text(root, "merchant", ""), orderNo, Kind(root), Time(root, "endedAt"), toldBy);
    }

    private OrderEndKind Kind(JsonElement root)
    {
        var word = Text(root, "kind", "");
        foreach (var kind in Enum.GetValues<OrderEndKind>().Where(kind => word == EnumWords<OrderEndKind>.Word(kind)))
        {
            return kind;
        }

        Wrong("kind", "应为 delivered 或 after_sales", "must be delivered or after_sales");
        return default;
    }
}
