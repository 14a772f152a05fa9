using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Integration;

/// <summary>Reads the JSON of a payment. Everything that has the wrong shape is named at once, by path; what the fields may hold is judged by the rules, later.</summary>
internal sealed partial class PaymentReader
{
    private static readonly string[] Known =
    [
        "merchant", "payTransactionId", "payCode", "totalAmount", "currency", "verDept", "payType", "tradingTime", "note", "orders",
        "initalRequest", "initalResponse", "initalRequestBase64", "initalResponseBase64", "charset", "tradeNo",
    ];

    private static readonly string[] RawNames = ["initalRequest", "initalResponse", "initalRequestBase64", "initalResponseBase64", "charset"];

    private static readonly string[] KnownOfOrder = ["orderNo", "goods", "recpAccount", "recpCode", "recpName"];

    private static readonly string[] KnownOfGoods = ["gname", "itemLink"];

    private readonly List<string> _problems = [];

    /// <summary>What was wrong; empty when the result may be used.</summary>
    public IReadOnlyList<string> Problems => _problems;

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

    [GeneratedRegex(@"^-?\d{1,20}(\.\d{1,20})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Amount();

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
            Total(root),
            Text(root, "currency", ""),
            Text(root, "verDept", ""),
            Optional(root, "payType", ""),
            Time(root),
            Optional(root, "note", ""),
            Items(root, "orders", "").Select((order, i) => Order(order, $"orders[{i}]")).ToList());
    }

    private PaidOrder Order(JsonElement order, string path)
    {
        NothingElse(order, path, KnownOfOrder);
        return new PaidOrder(
            Text(order, "orderNo", path),
            Items(order, "goods", path).Select((goods, i) => OneGoods(goods, $"{path}.goods[{i}]")).ToList(),
            Text(order, "recpAccount", path),
            Optional(order, "recpCode", path),
            Text(order, "recpName", path));
    }

    private Goods OneGoods(JsonElement goods, string path)
    {
        NothingElse(goods, path, KnownOfGoods);
        return new Goods(Text(goods, "gname", path), Text(goods, "itemLink", path));
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

    private decimal Total(JsonElement root)
    {
        if (!Has(root, "totalAmount"))
        {
            Wrong("totalAmount", "缺少该字段", "is missing");
            return 0;
        }

        var value = root.GetProperty("totalAmount");
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => TryString(value),
            _ => null,
        };
        if (text is not null && Amount().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return amount;
        }

        Wrong("totalAmount", "应为数字或数字文本，如 100.10", "must be a number or a number as text, such as 100.10");
        return 0;
    }

    private DateTimeOffset Time(JsonElement root)
    {
        var text = Text(root, "tradingTime", "");
        if (ChinaTime.TryParseCustoms(text, out var china))
        {
            return china;
        }

        if (IsoWithOffset().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        if (text.Length > 0)
        {
            Wrong("tradingTime", "应为带时区的 ISO 8601 时间或 yyyyMMddHHmmss（中国时间）", "must be ISO 8601 with an offset, or yyyyMMddHHmmss in China time");
        }

        return default;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoWithOffset();

    private JsonElement.ArrayEnumerator Items(JsonElement parent, string name, string path)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array)
        {
            return items.EnumerateArray();
        }

        Wrong(Path(path, name), "应为数组", "must be an array");
        return default;
    }

    private string Text(JsonElement parent, string name, string path)
    {
        if (!Has(parent, name))
        {
            Wrong(Path(path, name), "缺少该字段", "is missing");
            return "";
        }

        return String(parent.GetProperty(name), Path(path, name));
    }

    private string Optional(JsonElement parent, string name, string path) => Has(parent, name) ? String(parent.GetProperty(name), Path(path, name)) : "";

    private string String(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String && TryString(value) is { } text)
        {
            return text;
        }

        Wrong(path, "应为文本", "must be text");
        return "";
    }

    /// <summary>An escape that names half of a surrogate pair is no text.</summary>
    private static string? TryString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Has(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private void Same(JsonElement root, string name, string inAddress)
    {
        if (Has(root, name) && String(root.GetProperty(name), name) != inAddress)
        {
            Wrong(name, "与地址中的不一致", "differs from the one in the address");
        }
    }

    private void NothingElse(JsonElement parent, string path, string[] known)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        // A misspelt optional name would otherwise be lost without a word.
        foreach (var property in parent.EnumerateObject().Where(property => !known.Contains(property.Name, StringComparer.Ordinal)))
        {
            Wrong(Path(path, property.Name.Length <= 64 ? property.Name : property.Name[..64]), "未知字段", "is not a known field");
        }
    }

    private static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void Wrong(string path, string zh, string en) => _problems.Add(Words.Of($"{path} {zh}", $"{path} {en}"));
}
