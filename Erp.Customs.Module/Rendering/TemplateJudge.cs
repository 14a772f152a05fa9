using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Erp.Customs.Module.Rendering;

/// <summary>
/// Holds what a template gave against what the built-in writer gave for the same payment. Output that is not JSON, or lacks a required field in its place, is a fault;
/// every other difference is allowed and named. Neither a fault nor a difference quotes a value.
/// </summary>
internal static class TemplateJudge
{
    /// <summary>Judges one object or array.</summary>
    /// <param name="root"><c>payExchangeInfoHead</c> or <c>payExchangeInfoLists</c>.</param>
    /// <param name="written">What the built-in writer gave.</param>
    /// <param name="output">What the template gave.</param>
    public static Judgement Judge(string root, string written, string output)
    {
        if (string.Equals(written, output, StringComparison.Ordinal))
        {
            return Judgement.Same;
        }

        var bytes = Encoding.UTF8.GetBytes(output);
        var differences = new List<string>();
        var fault = Node.TryParse(bytes, out var given, out var brokenAt)
            ? Compare(root, Node.Parse(Encoding.UTF8.GetBytes(written)), given, differences)
            : new TemplateFault(brokenAt, Words.Of("从此处起输出不是 JSON", "from here on the output is not JSON"));
        if (fault is not null)
        {
            return new Judgement(fault with { At = Encoding.UTF8.GetCharCount(bytes, 0, fault.At) }, []);
        }

        if (differences.Count == 0)
        {
            differences.Add($"{root}: blanks or escapes");
        }

        return new Judgement(null, differences);
    }

    private static TemplateFault? Compare(string path, Node written, Node given, List<string> differences)
    {
        if (written.Kind != given.Kind)
        {
            return new TemplateFault(given.Start, Words.Of($"{path} 应为{Chinese(written.Kind)}，而不是{Chinese(given.Kind)}", $"{path} must be {English(written.Kind)}, not {English(given.Kind)}"));
        }

        if (written.Kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            return CompareMembers(path, written, given, differences);
        }

        if (!string.Equals(written.Text, given.Text, StringComparison.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(given.Text) && !IsOptional(path))
            {
                return new TemplateFault(given.Start, Words.Of($"{path} 必填，但为空", $"{path} is required, but empty"));
            }

            differences.Add($"{path}: value");
        }

        return null;
    }

    private static TemplateFault? CompareMembers(string path, Node written, Node given, List<string> differences)
    {
        if (written.Kind == JsonTokenType.StartArray && written.Members.Count != given.Members.Count)
        {
            return new TemplateFault(given.End, Words.Of($"{path} 应有全部 {written.Members.Count} 项，现有 {given.Members.Count} 项", $"{path} must have all {written.Members.Count} entries, not {given.Members.Count}"));
        }

        var byName = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var (name, value) in given.Members)
        {
            if (!byName.TryAdd(name, value))
            {
                return new TemplateFault(value.Start, Words.Of($"{path}{name} 重复", $"{path}{name} stands there twice"));
            }
        }

        var places = new List<int>();
        foreach (var (name, value) in written.Members)
        {
            if (byName.Remove(name, out var found))
            {
                places.Add(found.Start);
                if (Compare(path + name, value, found, differences) is { } fault)
                {
                    return fault;
                }
            }
            else if (!IsOptional(name))
            {
                return new TemplateFault(given.End, Words.Of($"{path}{name} 必填，但缺失", $"{path}{name} is required, but missing"));
            }
            else
            {
                differences.Add($"{path}{name}: missing");
            }
        }

        differences.AddRange(byName.Keys.Select(name => $"{path}{name}: additional"));
        if (!places.Order().SequenceEqual(places))
        {
            differences.Add($"{path}: order of fields");
        }

        return null;
    }

    private static bool IsOptional(string path) => PayExchangeRules.Optional.Contains(path[(path.LastIndexOf('.') + 1)..]);

    private static string Chinese(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => " JSON 对象",
        JsonTokenType.StartArray => " JSON 数组",
        JsonTokenType.String => " JSON 字符串",
        JsonTokenType.Number => " JSON 数字",
        _ => " true、false 或 null",
    };

    private static string English(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "a JSON object",
        JsonTokenType.StartArray => "a JSON array",
        JsonTokenType.String => "a JSON string",
        JsonTokenType.Number => "a JSON number",
        _ => "true, false or null",
    };

    /// <summary>A JSON value with the places of its first and last token, counted in UTF-8 bytes.</summary>
    /// <param name="Kind">Its first token.</param>
    /// <param name="Start">Where it begins.</param>
    /// <param name="End">Where its last token begins.</param>
    /// <param name="Text">The text of a string, the digits of a number.</param>
    /// <param name="Members">Fields, named <c>.name</c>, or entries, named <c>[0]</c>.</param>
    private sealed record Node(JsonTokenType Kind, int Start, int End, string Text, IReadOnlyList<(string Name, Node Value)> Members)
    {
        public static Node Parse(byte[] json)
        {
            var reader = new Utf8JsonReader(json);
            return ReadDocument(ref reader);
        }

        public static bool TryParse(byte[] json, [NotNullWhen(true)] out Node? node, out int brokenAt)
        {
            var reader = new Utf8JsonReader(json);
            try
            {
                node = ReadDocument(ref reader);
                brokenAt = 0;
                return true;
            }
            catch (Exception broken) when (broken is JsonException or InvalidOperationException)
            {
                // Not passed on: its message quotes what it stumbled over.
                node = null;
                brokenAt = (int)(broken is JsonException ? reader.BytesConsumed : reader.TokenStartIndex);
                return false;
            }
        }

        private static Node ReadDocument(ref Utf8JsonReader reader)
        {
            reader.Read();
            var node = Read(ref reader);
            reader.Read(); // throws when more follows
            return node;
        }

        private static Node Read(ref Utf8JsonReader reader)
        {
            var kind = reader.TokenType;
            var start = (int)reader.TokenStartIndex;
            var text = kind == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
            var members = new List<(string, Node)>();
            if (kind == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = "." + reader.GetString();
                    reader.Read();
                    members.Add((name, Read(ref reader)));
                }
            }
            else if (kind == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    members.Add(($"[{members.Count}]", Read(ref reader)));
                }
            }

            return new Node(kind, start, (int)reader.TokenStartIndex, text, members);
        }
    }
}

/// <summary>What the judge found.</summary>
/// <param name="Fault">Why the output must not be signed; <see langword="null"/> when it may.</param>
/// <param name="Differences">How it differs from the built-in writer's, by path; empty for the same characters.</param>
internal sealed record Judgement(TemplateFault? Fault, IReadOnlyList<string> Differences)
{
    /// <summary>The same characters.</summary>
    public static Judgement Same { get; } = new(null, []);
}

/// <summary>Something in a template's output that customs would not accept.</summary>
/// <param name="At">Where in the output, in characters from 0.</param>
/// <param name="Sentence">What it is, <c>中文 | English</c>.</param>
internal sealed record TemplateFault(int At, string Sentence);
