using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Integration;

/// <summary>What the readers of the integration API have in common: fields by name, and everything that has the wrong shape named at once, by path, never by value.</summary>
internal abstract partial class FieldReader
{
    private static readonly string[] s_knownOfGoods = ["gname", "itemLink"];

    private readonly List<string> _problems = [];

    /// <summary>What was wrong; empty when the result may be used.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The array <c>goods</c>.</summary>
    protected List<Goods> GoodsOf(JsonElement parent, string path) =>
        Items(parent, "goods", path).Select((goods, i) => OneGoods(goods, Path(path, string.Create(CultureInfo.InvariantCulture, $"goods[{i}]")))).ToList();

    /// <summary>A number, or a number as text.</summary>
    protected decimal Amount(JsonElement root, string name)
    {
        if (!Has(root, name))
        {
            Wrong(name, "缺少该字段", "is missing");
            return 0;
        }

        var value = root.GetProperty(name);
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => TryString(value),
            _ => null,
        };
        if (text is not null && AmountText().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return amount;
        }

        Wrong(name, "应为数字或数字文本，如 100.10", "must be a number or a number as text, such as 100.10");
        return 0;
    }

    /// <summary>ISO 8601 with an offset, or 14 digits in China time.</summary>
    protected DateTimeOffset Time(JsonElement root, string name)
    {
        var text = Text(root, name, "");
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
            Wrong(name, "应为带时区的 ISO 8601 时间或 yyyyMMddHHmmss（中国时间）", "must be ISO 8601 with an offset, or yyyyMMddHHmmss in China time");
        }

        return default;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoWithOffset();

    protected JsonElement.ArrayEnumerator Items(JsonElement parent, string name, string path)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array)
        {
            return items.EnumerateArray();
        }

        Wrong(Path(path, name), "应为数组", "must be an array");
        return default;
    }

    protected string Text(JsonElement parent, string name, string path)
    {
        if (!Has(parent, name))
        {
            Wrong(Path(path, name), "缺少该字段", "is missing");
            return "";
        }

        return String(parent.GetProperty(name), Path(path, name));
    }

    protected string Optional(JsonElement parent, string name, string path) => Has(parent, name) ? String(parent.GetProperty(name), Path(path, name)) : "";

    protected string String(JsonElement value, string path)
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

    protected static bool Has(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    protected void NothingElse(JsonElement parent, string path, string[] known)
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

    protected static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    protected void Wrong(string path, string zh, string en) => _problems.Add(Words.Of($"{path} {zh}", $"{path} {en}"));

    [GeneratedRegex(@"^-?\d{1,20}(\.\d{1,20})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AmountText();

    private Goods OneGoods(JsonElement goods, string path)
    {
        NothingElse(goods, path, s_knownOfGoods);
        return new Goods(Text(goods, "gname", path), Text(goods, "itemLink", path));
    }
}
