using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Erp.Customs.Module.Rendering;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Erp.Customs.Benchmarks.Rendering;

/// <summary>How it is usually done: the object is serialised with Newtonsoft for the sign text and once more for the payload, and a regular expression mends the amount.</summary>
internal static class UsualWay
{
    private static readonly JsonSerializerSettings s_settings = new() { ContractResolver = new CamelCasePropertyNamesContractResolver() };

    private static readonly Regex s_amount = new("\"totalAmount\":(?<whole>\\d+)\\.(?<part>\\d*?)0+(?=[,}])", RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The text that is signed.</summary>
    public static byte[] SignText(PayExchange exchange, string sessionId, long serviceTime) => Encoding.UTF8.GetBytes(
        $"\"sessionID\":\"{sessionId}\"||\"payExchangeInfoHead\":\"{Json(exchange.Head)}\"||\"payExchangeInfoLists\":\"{Json(exchange.Lists)}\"||\"serviceTime\":\"{serviceTime.ToString(CultureInfo.InvariantCulture)}\"");

    /// <summary>The payload.</summary>
    public static byte[] Payload(PayExchange exchange, string sessionId, long serviceTime, string certNo, string signValue) => Encoding.UTF8.GetBytes(Json(new
    {
        sessionID = sessionId,
        payExchangeInfoHead = exchange.Head,
        payExchangeInfoLists = exchange.Lists,
        serviceTime = serviceTime.ToString(CultureInfo.InvariantCulture),
        certNo,
        signValue,
    }));

    private static string Json(object value) => s_amount.Replace(
        JsonConvert.SerializeObject(value, s_settings),
        match => "\"totalAmount\":" + match.Groups["whole"].Value + (match.Groups["part"].Length > 0 ? "." + match.Groups["part"].Value : ""));
}
