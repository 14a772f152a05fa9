using System.Globalization;
using System.Text;

namespace Erp.Customs.Benchmarks.World;

/// <summary>Messages in the shape of WeChat Pay's: XML, of any size.</summary>
internal static class WeChatLike
{
    /// <summary>统一下单: what an ERP sends.</summary>
    public static string Order(long number, int size) => Filled(
        size, "detail",
        $"<xml><appid>wx2421b1c4370ec43b</appid><mch_id>10000100</mch_id><nonce_str>1add1a30ac87aa2db72f57a2375d8fec</nonce_str><out_trade_no>{TradeNo(number)}</out_trade_no>"
        + "<total_fee>10010</total_fee><spbill_create_ip>203.0.113.7</spbill_create_ip><notify_url>https://pay.example.com/wechat/notify</notify_url><trade_type>APP</trade_type>");

    /// <summary>What comes back.</summary>
    public static byte[] OrderAnswer(int size) => Encoding.UTF8.GetBytes(Filled(
        size, "attach",
        "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg><result_code><![CDATA[SUCCESS]]></result_code><prepay_id><![CDATA[wx201410272009395522657a690389285100]]></prepay_id>"));

    /// <summary>支付结果通知.</summary>
    public static string Notify(long number, int size) => Filled(
        size, "attach",
        $"<xml><appid>wx2421b1c4370ec43b</appid><mch_id>10000100</mch_id><out_trade_no>{TradeNo(number)}</out_trade_no><transaction_id>1004400740201409030005092168</transaction_id><result_code><![CDATA[SUCCESS]]></result_code><time_end>20261111000013</time_end><total_fee>10010</total_fee>");

    private static string TradeNo(long number) => string.Create(CultureInfo.InvariantCulture, $"NB20261111{number:d10}");

    private static string Filled(int size, string element, string head)
    {
        const string Goods = "爱他美白金版婴儿配方奶粉 3段 900g ";
        var text = new StringBuilder(head).Append('<').Append(element).Append("><![CDATA[");
        var tail = $"]]></{element}><sign>0CB01533B8C1EF103065174F50BCA001</sign></xml>";
        var room = size - Encoding.UTF8.GetByteCount(head) - tail.Length - element.Length - 11;
        for (; room >= Encoding.UTF8.GetByteCount(Goods); room -= Encoding.UTF8.GetByteCount(Goods))
        {
            text.Append(Goods);
        }

        return text.Append('.', Math.Max(0, room)).Append(tail).ToString();
    }
}
