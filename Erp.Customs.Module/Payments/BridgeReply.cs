using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// An answer of the bridge. Its samples pad names and values with blanks, so both are trimmed; numbers may come as text and text as numbers.
/// </summary>
internal sealed partial class BridgeReply
{
    private const string PaidAndDeclared = "已支付+已报关";
    private const string Revoked = "已撤销";
    private static readonly string[] s_messages = ["CustomsMsg", "PaymentMsg", "result_msg"];

    private const int CodeLength = 16;
    private const int StatusLength = 16;

    private readonly IReadOnlyDictionary<string, string> _fields;

    private BridgeReply(IReadOnlyDictionary<string, string> fields) => _fields = fields;

    /// <summary>ReturnCode: letters and digits.</summary>
    public string Code => Field("ReturnCode");

    /// <summary>The order that it is about; empty when it does not say.</summary>
    public string OrderNo => Field("OrderNo");

    /// <summary>ReturnCode 0000, a PaymentNo, and CustomsMsg 已支付+已报关: all three, and nothing else counts.</summary>
    public bool IsPaidAndDeclared => Code == "0000" && Field("PaymentNo").Length > 0 && Normal(Field("CustomsMsg")) == PaidAndDeclared;

    /// <summary>支付状态 10, 已撤销.</summary>
    public bool IsRevoked => Field("PaymentStatus") == "10" || Field("PaymentMsg") == Revoked;

    /// <summary>The payment that it tells of, when it <see cref="IsPaidAndDeclared"/>.</summary>
    public BridgePayment Payment => new(Field("PaymentNo"), Field("PaymentStatus") is { Length: <= StatusLength } status ? status : "", PaidAt());

    /// <summary>A code of payment or declaration: no place is documented for it, so it is looked for where one can stand; <see langword="null"/> when there is none.</summary>
    public string? DeclarationCode =>
        Code is not ("0000" or "9999") ? Code : s_messages.Select(LeadingCode).FirstOrDefault(code => code is not null);

    /// <summary>Reads an answer.</summary>
    /// <returns><see langword="null"/> when it is none: not JSON, not an object, a name that stands twice, no ReturnCode.</returns>
    public static BridgeReply? Read(ReadOnlySpan<byte> body) => BridgeFields.Read(body) is { } fields && fields.GetValueOrDefault("ReturnCode") is { Length: > 0 and <= CodeLength } code && code.All(char.IsAsciiLetterOrDigit)
        ? new BridgeReply(fields)
        : null;

    /// <summary>A plus may have become a blank on its way through a form, or a full-width one under somebody's hand.</summary>
    private static string Normal(string text) => Joint().Replace(text.Trim(), "+");

    [GeneratedRegex(@"[\s+\uFF0B]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^\D?(?<code>99\d\d)(?!\d)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leading();

    private string? LeadingCode(string name) => Leading().Match(Field(name)) is { Success: true } match ? match.Groups["code"].Value : null;

    private DateTimeOffset? PaidAt() =>
        DateTime.TryParseExact(Field("PayTime"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, ChinaTime.Offset) : null;

    private string Field(string name) => _fields.GetValueOrDefault(name, "");
}

/// <summary>The fields of a JSON object as the bridge writes it: names and values trimmed, numbers as they are written.</summary>
internal static class BridgeFields
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <summary>Reads an object.</summary>
    /// <returns><see langword="null"/> when it is none, or when a name stands twice and so says nothing.</returns>
    public static IReadOnlyDictionary<string, string>? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(Utf8.GetString(json));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>As above, of a text.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.TrimStart((char)0xFEFF), Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            return document.RootElement.EnumerateObject().All(property => fields.TryAdd(property.Name.Trim(), Text(property.Value))) ? fields : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Not JSON, or an escape that names half of a surrogate pair.
            return null;
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Trim(),
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };
}
