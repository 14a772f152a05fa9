using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>Reads what PushOrder and GetOrder bring, as strictly as the document allows: exact names, the right kinds of values.</summary>
internal sealed class BridgeData
{
    private static readonly string[] Texts =
        ["OperationType", "OrderNo", "ReceiverName", "ReceiverCardNo", "ItemNames", "ShopPayTime", "MerchantName", "CapitalName", "ReceiverMobile", "CustomsCode"];

    private static readonly string[] Numbers = ["TotalNum", "OrderTotal"];

    private readonly Dictionary<string, string> _fields;

    private BridgeData(Dictionary<string, string> fields) => _fields = fields;

    /// <summary>A field; empty when it is not there.</summary>
    public string this[string name] => _fields.GetValueOrDefault(name, "");

    /// <summary>Reads a JSON text; <see langword="null"/> when it is none, or has a name or a kind of value that the document does not know.</summary>
    public static BridgeData? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                var expected = Texts.Contains(property.Name, StringComparer.Ordinal) ? JsonValueKind.String
                    : Numbers.Contains(property.Name, StringComparer.Ordinal) ? JsonValueKind.Number
                    : JsonValueKind.Undefined;
                if (property.Value.ValueKind != expected || !fields.TryAdd(property.Name, expected == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()))
                {
                    return null;
                }
            }

            return new BridgeData(fields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
