using System.Globalization;
namespace Erp.Customs.Module.Rendering;

/// <summary>完整请求内容 payExInfoStr: the JSON that is uploaded (notice 179, 1.6.2.2).</summary>
internal static class PayExInfoStr
{
    /// <summary>Puts the message together around head and lists, whose characters are not touched: they are the ones that were signed.</summary>
    /// <param name="sessionId">
    /// Customs' sessionID. It is escaped here because this is JSON. The sign text is not JSON: there it stands as the value that customs sent, since customs
    /// compare with what they parsed. The sessionIDs of customs hold letters, digits and hyphens, for which both are the same.
    /// </param>
    /// <param name="head">JSON object, see <see cref="RenderedExchange"/>.</param>
    /// <param name="lists">JSON array, see <see cref="RenderedExchange"/>.</param>
    /// <param name="serviceTime">Unix milliseconds: the one in the signed text.</param>
    /// <param name="certNo">证书编号.</param>
    /// <param name="signValue">加签结果值, Base64.</param>
    /// <param name="serviceTimeAsNumber">Writes serviceTime as a number, as in the interface document; a string was accepted by customs.</param>
    public static string Compose(string sessionId, string head, string lists, long serviceTime, string certNo, string signValue, bool serviceTimeAsNumber)
    {
        var quote = serviceTimeAsNumber ? "" : "\"";
        var json = new CustomsJson(head.Length + lists.Length + sessionId.Length + certNo.Length + signValue.Length + 160);
        json.Raw("{\"sessionID\":");
        json.String(sessionId);
        json.Raw(",\"payExchangeInfoHead\":");
        json.Raw(head);
        json.Raw(",\"payExchangeInfoLists\":");
        json.Raw(lists);
        json.Raw(",\"serviceTime\":");
        json.Raw(quote);
        json.Raw(serviceTime.ToString(CultureInfo.InvariantCulture));
        json.Raw(quote);
        json.Raw(",\"certNo\":");
        json.String(certNo);
        json.Raw(",\"signValue\":");
        json.String(signValue);
        json.Raw("}");
        return json.Finish();
    }
}
