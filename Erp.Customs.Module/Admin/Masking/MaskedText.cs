using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Module.Admin.Masking;

/// <summary>
/// What we send to customs as it stands, on one line, with stars for what <see cref="KnownFields"/> hides: the same fields in the same order, so that a clerk can hold it against what customs quote.
/// Only what we wrote ourselves is shown so; what others wrote is read by <see cref="MaskedMessage"/>.
/// </summary>
internal static class MaskedText
{
    /// <summary>Texts in texts that are followed. The default value is 4: the payload holds head and lists as texts.</summary>
    private const int Deepest = 4;

    // Chinese stands as it is; the page escapes what HTML needs.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON text with what is hidden replaced; <see langword="null"/> where it is none.</summary>
    public static string? Json(string text, int depth = 0)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            using var masked = new MemoryStream();
            using (var writer = new Utf8JsonWriter(masked, s_plain))
            {
                Write(writer, "", document.RootElement, depth);
            }

            return Encoding.UTF8.GetString(masked.ToArray());
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a lone surrogate, which no text can hold.
            return null;
        }
    }

    /// <summary>加签原文: its four items, head and lists masked; <see langword="null"/> where it has another shape.</summary>
    public static string? SignText(string text)
    {
        const string Head = "\"||\"payExchangeInfoHead\":\"";
        const string Lists = "\"||\"payExchangeInfoLists\":\"";
        const string Time = "\"||\"serviceTime\":\"";
        var (head, time) = (text.IndexOf(Head, StringComparison.Ordinal), text.LastIndexOf(Time, StringComparison.Ordinal));
        var lists = head < 0 || time < head ? -1 : text.LastIndexOf(Lists, time, StringComparison.Ordinal);
        return lists < head + Head.Length ? null
            : $"{text[..(head + Head.Length)]}{Json(text[(head + Head.Length)..lists]) ?? Mask.Hidden}{Lists}{Json(text[(lists + Lists.Length)..time]) ?? Mask.Hidden}{text[time..]}";
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(KnownFields.Name(member.Name));
                    Write(writer, member.Name, member.Value, depth);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, name, item, depth);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                writer.WriteStringValue((depth < Deepest && text.Length > 0 && text[0] is '{' or '[' ? Json(text, depth + 1) : null) ?? KnownFields.Show(name, text) ?? Mask.Hidden);
                break;
            default:
                var raw = element.GetRawText();
                if (KnownFields.Show(name, raw) is null)
                {
                    writer.WriteStringValue(Mask.Hidden);
                }
                else
                {
                    writer.WriteRawValue(raw);
                }

                break;
        }
    }
}
