using System.Globalization;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// Writes the JSON of PushOrder and GetOrder (API v1.1): exact names in the order of the document, compact, escaped no more than JSON requires,
/// because PushOrder's stands in what customs get. OrderTotal is a number with exactly two decimals.
/// </summary>
internal static class PushBody
{
    /// <summary>PushOrder's.</summary>
    public static string Push(OrderPush push, BridgeMerchantOptions merchant) => Json(
        ("OperationType", CustomsJson.Text(push.Operation)),
        ("OrderNo", CustomsJson.Text(push.OrderNo)),
        ("ReceiverName", CustomsJson.Text(push.ReceiverName)),
        ("ReceiverCardNo", CustomsJson.Text(push.ReceiverCardNo)),
        ("TotalNum", push.TotalNum.ToString(CultureInfo.InvariantCulture)),
        ("OrderTotal", push.OrderTotal.ToString("0.00", CultureInfo.InvariantCulture)),
        ("ItemNames", CustomsJson.Text(string.Join(';', push.Goods.Select(goods => goods.GName)))),
        ("ShopPayTime", CustomsJson.Text(ChinaTime.ToScreen(push.PayTime))),
        ("MerchantName", CustomsJson.Text(merchant.MerchantName)),
        ("CapitalName", CustomsJson.Text(merchant.CapitalName)),
        ("ReceiverMobile", CustomsJson.Text(push.ReceiverMobile)),
        ("CustomsCode", CustomsJson.Text(CustomsCodes.Effective(push.CustomsCode, merchant))));

    /// <summary>GetOrder's.</summary>
    public static string Get(string orderNo, BridgeMerchantOptions merchant) => Json(
        ("OrderNo", CustomsJson.Text(orderNo)),
        ("MerchantName", CustomsJson.Text(merchant.MerchantName)));

    private static string Json(params (string Name, string Value)[] fields)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }

        return json.Append('}').ToString();
    }
}
