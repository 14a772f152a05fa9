using System.Net;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Masking;

/// <summary>
/// A raw message for a screen: its structure with the values of known fields, everything else hidden. JSON, XML, addresses and forms are read, also inside one another;
/// of what is none of them only the length is told. Built anew from what was understood, so that nothing is shown that was not understood.
/// </summary>
/// <param name="Lines">The structure from top to bottom.</param>
/// <param name="Problem">Why it could not be read; <see langword="null"/> when it could.</param>
internal sealed record MaskedMessage(IReadOnlyList<MaskedLine> Lines, string? Problem)
{
    /// <summary>Messages in messages that are followed. The default value is 8.</summary>
    private const int Deepest = 8;

    /// <summary>Lines shown. The default value is 2,000.</summary>
    private const int MostLines = 2_000;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 64 };

    /// <summary>Reads bytes as they are stored.</summary>
    public static MaskedMessage Of(byte[] bytes, string charset = "utf-8")
    {
        if (bytes.Length == 0)
        {
            return new([], null);
        }

        if (!RawText.TryDecode(bytes, charset, out var text, out var problem))
        {
            return new([], Words.Of(problem.Sentence, problem.SentenceEn));
        }

        var lines = new List<MaskedLine>();
        Read(lines, 0, "", text);
        return lines.Count <= MostLines ? new(lines, null) : new(lines[..MostLines], Words.Of($"只显示前 {MostLines} 行", $"Only the first {MostLines} lines are shown"));
    }

    /// <summary>Reads a message of the archive.</summary>
    public static MaskedMessage Of(StoredMessage message) => Of(message.Bytes, message.Charset);

    private static void Read(List<MaskedLine> lines, int depth, string name, string text)
    {
        if (lines.Count > MostLines)
        {
            return;
        }

        var trimmed = text.Trim();
        var read = depth < Deepest && trimmed.Length > 1 && !KnownFields.IsWords(name)
            && (TryJson(lines, depth, name, trimmed) || TryXml(lines, depth, name, trimmed) || TryAddress(lines, depth, name, trimmed) || TryForm(lines, depth, name, trimmed));
        if (!read)
        {
            Leaf(lines, depth, name, text);
        }
    }

    private static void Leaf(List<MaskedLine> lines, int depth, string name, string value) =>
        lines.Add(KnownFields.Show(name, value) is { } shown
            ? new(depth, KnownFields.Name(name), shown, IsHidden: false)
            : new(depth, name.Length == 0 ? "" : KnownFields.Name(name), Words.Of($"{Mask.Hidden}（{value.Length} 字）", $"{Mask.Hidden} ({value.Length} characters)"), IsHidden: true));

    private static bool TryJson(List<MaskedLine> lines, int depth, string name, string text)
    {
        if (text[0] is not ('{' or '['))
        {
            return false;
        }

        var before = lines.Count;
        try
        {
            using var document = JsonDocument.Parse(text, s_json);
            Json(lines, depth, name, document.RootElement);
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a lone surrogate, which no text can hold.
            lines.RemoveRange(before, lines.Count - before);
            return false;
        }
    }

    private static void Json(List<MaskedLine> lines, int depth, string name, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Heading(lines, depth, name, "{ }");
                foreach (var member in element.EnumerateObject())
                {
                    Json(lines, depth + 1, member.Name.Trim(), member.Value);
                }

                break;
            case JsonValueKind.Array:
                Heading(lines, depth, name, $"[{element.GetArrayLength()}]");
                foreach (var item in element.EnumerateArray())
                {
                    Json(lines, depth + 1, name, item);
                }

                break;
            case JsonValueKind.String:
                Read(lines, depth, name, element.GetString()!);
                break;
            default:
                Leaf(lines, depth, name, element.GetRawText());
                break;
        }
    }

    private static bool TryXml(List<MaskedLine> lines, int depth, string name, string text)
    {
        if (text[0] != '<')
        {
            return false;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XElement.Load(reader);
            Heading(lines, depth, name, "< >");
            Xml(lines, depth + 1, root);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static void Xml(List<MaskedLine> lines, int depth, XElement element)
    {
        if (depth > s_json.MaxDepth)
        {
            Leaf(lines, depth, element.Name.LocalName, element.Value);
            return;
        }

        if (element.HasElements || element.HasAttributes)
        {
            Heading(lines, depth, element.Name.LocalName, "< >");
            foreach (var attribute in element.Attributes())
            {
                Read(lines, depth + 1, attribute.Name.LocalName, attribute.Value);
            }

            foreach (var child in element.Elements())
            {
                Xml(lines, depth + 1, child);
            }

            var own = string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value)).Trim();
            if (own.Length > 0)
            {
                Read(lines, depth + 1, element.Name.LocalName, own);
            }
        }
        else
        {
            Read(lines, depth, element.Name.LocalName, element.Value);
        }
    }

    private static bool TryAddress(List<MaskedLine> lines, int depth, string name, string text)
    {
        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var cut = text.IndexOf('?', StringComparison.Ordinal);
        if (cut < 0 || !Uri.TryCreate(text[..cut], UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
        {
            return false;
        }

        Heading(lines, depth, name, address.GetLeftPart(UriPartial.Authority) + (address.AbsolutePath.Length > 1 ? "/…" : ""));
        Fields(lines, depth + 1, text[(cut + 1)..]);
        return true;
    }

    private static bool TryForm(List<MaskedLine> lines, int depth, string name, string text)
    {
        // A form has a field's name before its first equals sign; Base64 and prose have not.
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        if (cut <= 0 || text.EndsWith('=') || KnownFields.Name(WebUtility.UrlDecode(text[..cut])) == Mask.Hidden || text.Contains('\n', StringComparison.Ordinal))
        {
            return false;
        }

        Heading(lines, depth, name, "&");
        Fields(lines, depth + 1, text);
        return true;
    }

    private static void Fields(List<MaskedLine> lines, int depth, string form)
    {
        foreach (var field in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = field.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = cut < 0 ? ("", field) : (WebUtility.UrlDecode(field[..cut]), field[(cut + 1)..]);
            Read(lines, depth, name.Trim(), WebUtility.UrlDecode(value));
        }
    }

    private static void Heading(List<MaskedLine> lines, int depth, string name, string what)
    {
        if (lines.Count <= MostLines)
        {
            lines.Add(new(depth, name.Length == 0 ? "" : KnownFields.Name(name), what, IsHidden: false));
        }
    }
}

/// <summary>One line of a <see cref="MaskedMessage"/>.</summary>
/// <param name="Depth">How far it is indented.</param>
/// <param name="Name">The field; may be empty.</param>
/// <param name="Value">Its value, a mark of what it holds, or what stands for a hidden one (in both languages then).</param>
/// <param name="IsHidden">Whether the value is not shown.</param>
internal sealed record MaskedLine(int Depth, string Name, string Value, bool IsHidden);
