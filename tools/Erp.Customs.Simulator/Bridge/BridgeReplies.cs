using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>Writes the bridge's answers with the document's words.</summary>
internal static class BridgeReplies
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["0000"] = "订单创建成功",
        ["9901"] = "报关人身份证不能为空",
        ["9902"] = "报关人姓名不能为空",
        ["9903"] = "报关人手机号码不能为空",
        ["9904"] = "订单解析报错，请联系管理员",
        ["9905"] = "该商户订单已存在",
        ["9906"] = "该订单已支付+报关状态,无需重新支付+报关",
        ["9907"] = "操作类型有误（A/U）",
        ["9909"] = "创建订单的时候失败，错误原因：数据库繁忙",
        ["9910"] = "程序异常,请联系资方操作人",
        ["9911"] = "您已欠费，请缴费后再推单",
        ["9912"] = "您未签约，请签约后再推单",
        ["9916"] = "订单号异常",
    };

    /// <summary>PushOrder's.</summary>
    public static string Push(BridgeData? data, string code, BridgeMood? mood)
    {
        var words = mood is { Message.Length: > 0 } ? mood.Message : Words.GetValueOrDefault(code, "");
        return Write(mood, ("ReturnCode", code), ("ReturnMsg", words), ("OrderNo", OrderNo(data, mood)));
    }

    /// <summary>GetOrder's.</summary>
    public static string Get(BridgeData? data, string code, bool paid, BridgeMood? mood, DateTimeOffset paidAt)
    {
        if (code != "0000")
        {
            return Write(mood, ("ReturnCode", code), ("ReturnMsg", code == "9999" ? "获取信息失败！" : mood?.Message ?? ""), ("OrderNo", OrderNo(data, mood)));
        }

        var revoked = mood is { Kind: BridgeMoodKind.Revoked };
        var customsMsg = mood switch
        {
            { Kind: BridgeMoodKind.CustomsMsg } => mood.Message,
            { Kind: BridgeMoodKind.BlankForPlus } => "已支付 已报关",
            _ => paid ? "已支付+已报关" : "待支付",
        };
        var paymentMsg = mood is { Kind: BridgeMoodKind.PaymentMsg } ? mood.Message : revoked ? "已撤销" : paid ? "支付成功" : "待支付";
        return Write(
            mood,
            ("ReturnCode", code),
            ("ReturnMsg", "获取信息成功！"),
            ("OrderNo", OrderNo(data, mood)),
            ("PaymentNo", paid ? PaymentBridge.PaymentNo(OrderNo(data, mood)) : ""),
            ("PaymentStatus", revoked ? 10 : paid ? 2 : 0),
            ("PaymentMsg", paymentMsg),
            ("PayTime", mood is { Kind: BridgeMoodKind.NoPayTime } ? "昨天" : paid ? paidAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : ""),
            ("CustomsMsg", customsMsg));
    }

    private static string OrderNo(BridgeData? data, BridgeMood? mood) => (data?["OrderNo"] ?? "") + (mood is { Kind: BridgeMoodKind.OtherOrder } ? "-OTHER" : "");

    private static string Write(BridgeMood? mood, params (string Name, object Value)[] fields)
    {
        var padded = mood is { Kind: BridgeMoodKind.Padded };
        return JsonSerializer.Serialize(
            fields.ToDictionary(field => padded ? $" {field.Name} " : field.Name, field => padded && field.Value is string text ? $" {text} " : field.Value, StringComparer.Ordinal), Json);
    }
}
