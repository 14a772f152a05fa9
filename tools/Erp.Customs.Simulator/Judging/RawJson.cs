using System.Text;
using System.Text.Json;

namespace Erp.Customs.Simulator.Judging;

/// <summary>JSON read with the place where each value stands, so that a signature is checked over the very bytes that arrived.</summary>
internal sealed class RawJson
{
    private RawJson(JsonTokenType type, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        Bytes = bytes;
    }

    /// <summary>What the value begins with.</summary>
    public JsonTokenType Type { get; }

    /// <summary>The value as it stands in the text, quotes and brackets included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A string's characters, or <see langword="null"/> when they hold half of a surrogate pair; the text of any other value.</summary>
    public string? Text { get; private init; }

    /// <summary>An object's members in the order of the text; names as they are spelt there, escapes and all.</summary>
    public IReadOnlyList<(string Name, RawJson Value)> Members { get; private init; } = [];

    /// <summary>An array's elements.</summary>
    public IReadOnlyList<RawJson> Items { get; private init; } = [];

    /// <summary>The value of a member that is known to be there.</summary>
    public RawJson this[string name] => Members.First(member => string.Equals(member.Name, name, StringComparison.Ordinal)).Value;

    /// <summary>Reads one value that fills the whole text.</summary>
    /// <param name="utf8">Well-formed UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static RawJson Parse(ReadOnlyMemory<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8.Span);
        reader.Read();
        var root = ReadValue(ref reader, utf8);
        reader.Read(); // throws when anything follows
        return root;
    }

    private static RawJson ReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        List<(string, RawJson)> members = [];
        List<RawJson> items = [];
        if (type is JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var name = Encoding.UTF8.GetString(reader.ValueSpan);
                reader.Read();
                members.Add((name, ReadValue(ref reader, utf8)));
            }
        }
        else if (type is JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                items.Add(ReadValue(ref reader, utf8));
            }
        }

        var bytes = utf8[start..(int)reader.BytesConsumed];
        return new RawJson(type, bytes)
        {
            Text = type is JsonTokenType.String ? ReadString(ref reader) : Encoding.UTF8.GetString(bytes.Span),
            Members = members,
            Items = items,
        };
    }

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException) // the reader's way to say: half of a surrogate pair
        {
            return null;
        }
    }
}
