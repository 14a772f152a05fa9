using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Erp.Customs.Contracts.Capture;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Tests.Capture;

/// <summary>微信支付 as an ERP writes it: unified order by HttpClient, result by a notify. Knows nothing of capture.</summary>
internal sealed class WeChatLikeClient(HttpClient http, Uri gateway, string notifyUrl)
{
    private const string Key = "192006250b4c09247ec02edce69f6a2d";

    public async Task<string> UnifiedOrderAsync(string outTradeNo, string body, decimal amount)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["appid"] = "wxd930ea5d5a258f4f",
            ["mch_id"] = "1900000109",
            ["body"] = body,
            ["nonce_str"] = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
            ["notify_url"] = notifyUrl,
            ["out_trade_no"] = outTradeNo,
            ["total_fee"] = ((long)(amount * 100)).ToString(CultureInfo.InvariantCulture),
            ["trade_type"] = "NATIVE",
        };
        using var content = new StringContent(Xml(fields), Encoding.UTF8, "text/xml");
        using var response = await http.PostAsync(new Uri(gateway, "/pay/unifiedorder"), content);
        response.EnsureSuccessStatusCode();
        return XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!.Element("prepay_id")!.Value;
    }

    /// <summary>The ERP's notify endpoint: checks the signature, answers in XML.</summary>
    public static async Task HandleNotifyAsync(HttpContext http)
    {
        var xml = await XDocument.LoadAsync(http.Request.Body, LoadOptions.None, http.RequestAborted);
        var fields = new SortedDictionary<string, string>(xml.Root!.Elements().ToDictionary(field => field.Name.LocalName, field => field.Value), StringComparer.Ordinal);
        var signed = fields.Remove("sign", out var sign) && sign == Sign(fields);
        http.Response.ContentType = "text/xml";
        await http.Response.WriteAsync($"<xml><return_code><![CDATA[{(signed ? "SUCCESS" : "FAIL")}]]></return_code></xml>");
    }

    /// <summary>What the payment company sends when it was paid.</summary>
    public static string NotifyXml(string outTradeNo, string openId) => Xml(new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["appid"] = "wxd930ea5d5a258f4f",
        ["openid"] = openId,
        ["out_trade_no"] = outTradeNo,
        ["result_code"] = "SUCCESS",
        ["transaction_id"] = "4200001111202611110000000001",
    });

    private static string Xml(SortedDictionary<string, string> fields) =>
        "<xml>\n" + string.Concat(fields.Append(new("sign", Sign(fields))).Select(field => $"  <{field.Key}><![CDATA[{field.Value}]]></{field.Key}>\n")) + "</xml>";

    private static string Sign(SortedDictionary<string, string> fields) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(string.Join('&', fields.Select(field => $"{field.Key}={field.Value}")))));
}

/// <summary>支付宝 page payment as an ERP writes it: the request is an address that the buyer's browser is sent to; one line notes it.</summary>
internal sealed class AlipayLikeClient(IPaymentCapture capture, Uri gateway)
{
    public string PageAddress(string merchant, string outTradeNo, string subject, decimal amount)
    {
        var content = JsonSerializer.Serialize(new { out_trade_no = outTradeNo, product_code = "FAST_INSTANT_TRADE_PAY", subject, total_amount = amount.ToString("0.00", CultureInfo.InvariantCulture) });
        var address = new Uri(gateway, "/gateway.do") + "?app_id=2016082000000000&method=alipay.trade.page.pay&charset=utf-8&biz_content=" + Uri.EscapeDataString(content) + "&sign=c2ln%2B%3D";

        capture.Note(merchant, outTradeNo, CapturedKind.Request, address, "alipay page");
        return address;
    }

    /// <summary>The ERP's notify endpoint.</summary>
    public static async Task HandleNotifyAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        await http.Response.WriteAsync(form["sign"] == "right" && form["trade_status"] == "TRADE_SUCCESS" ? "success" : "fail");
    }
}
