using System.Net;
using System.Text.Json;
using System.Xml;

namespace Erp.Customs.Contracts.Capture;

/// <summary>Ready-made ways to find the trade number (商户订单号): each looks into the request, then into the response.</summary>
public static class TradeNo
{
    private static readonly XmlReaderSettings s_xml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The text of the first XML element of that name, e.g. <c>out_trade_no</c> of WeChat Pay.</summary>
    /// <param name="element">The element's name without prefix.</param>
    public static Func<PaymentTexts, string?> Xml(string element) => Either(text => InXml(text, element));

    /// <summary>A text or number in JSON, e.g. <c>out_trade_no</c> or <c>alipay_trade_query_response.out_trade_no</c>.</summary>
    /// <param name="path">Names joined by dots.</param>
    public static Func<PaymentTexts, string?> Json(string path)
    {
        var names = path.Split('.');
        return Either(text => InJson(text, names));
    }

    /// <summary>A field of a form or of an address' query, e.g. <c>out_trade_no</c> of an Alipay notify.</summary>
    /// <param name="name">The field's name.</param>
    public static Func<PaymentTexts, string?> Field(string name) => texts => InFields(texts.Request, name) ?? InFields(texts.Address, name) ?? InFields(texts.Response, name);

    /// <summary>JSON inside a field, e.g. <c>Field("biz_content", "out_trade_no")</c> of an Alipay request.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="path">Names inside the JSON, joined by dots.</param>
    public static Func<PaymentTexts, string?> Field(string name, string path)
    {
        var (field, names) = (Field(name), path.Split('.'));
        return texts => field(texts) is { } json ? InJson(json, names) : null;
    }

    /// <summary>The first one that finds something.</summary>
    /// <param name="finders">In this order.</param>
    public static Func<PaymentTexts, string?> FirstOf(params Func<PaymentTexts, string?>[] finders) =>
        texts => finders.Select(find => find(texts)).FirstOrDefault(found => !string.IsNullOrWhiteSpace(found));

    private static Func<PaymentTexts, string?> Either(Func<string, string?> find) => texts => find(texts.Request) ?? find(texts.Response);

    private static string? InXml(string text, string element)
    {
        if (!text.AsSpan().TrimStart("\uFEFF \r\n\t").StartsWith("<"))
        {
            return null;
        }

        try
        {
            using var xml = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF', ' ', '\r', '\n', '\t')), s_xml);
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == element)
                {
                    return xml.ReadElementContentAsString();
                }
            }
        }
        catch (XmlException)
        {
            // Not XML, or broken off before the element: it has none that anybody could read.
            return null;
        }

        return null;
    }

    private static string? InJson(string text, string[] names)
    {
        if (!text.AsSpan().TrimStart("\uFEFF \r\n\t").StartsWith("{"))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text.AsMemory().TrimStart('\uFEFF'));
            var value = json.RootElement;
            foreach (var name in names)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                {
                    return null;
                }
            }

            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // Not JSON: it has no such value.
            return null;
        }
    }

    private static string? InFields(string text, string name)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var fields = query < 0 ? text : text[(query + 1)..];
        foreach (var field in fields.Split('&'))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && WebUtility.UrlDecode(field[..equals]) == name)
            {
                return WebUtility.UrlDecode(field[(equals + 1)..]);
            }
        }

        return null;
    }
}
