using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Erp.Customs.Simulator.Judging;

/// <summary>A text field of the table of 1.6.3.</summary>
/// <param name="Name">As customs spell it.</param>
/// <param name="Chinese">Its Chinese name in that table.</param>
/// <param name="MaxLength">In UTF-16 units.</param>
/// <param name="Required">Whether it may not be empty. It must always be there.</param>
/// <param name="Allowed">What it may hold, or <see langword="null"/> for anything; not asked when it is empty.</param>
internal sealed record TextRule(string Name, string Chinese, int MaxLength, bool Required, Func<string, bool>? Allowed = null)
{
    /// <summary>What is wrong with a value, or <see langword="null"/>.</summary>
    public Refusal? Check(RawJson value) => value switch
    {
        { Type: not JsonTokenType.String } => new Refusal(ReplyCodes.FieldType, $"{Chinese}（{Name}）必须是字符串"),
        { Text: null } => new Refusal(ReplyCodes.FieldValue, $"{Chinese}（{Name}）含有不成对的代理字符"),
        { Text.Length: 0 } => Required ? new Refusal(ReplyCodes.FieldEmpty, $"{Chinese}（{Name}）不能为空") : null,
        { Text.Length: var length } when length > MaxLength => new Refusal(ReplyCodes.FieldLength, $"{Chinese}（{Name}）长度为{length}，超过{MaxLength}"),
        _ => Allowed?.Invoke(value.Text) == false ? new Refusal(ReplyCodes.FieldValue, $"{Chinese}（{Name}）的值不符合要求") : null,
    };
}

/// <summary>The fields of payExInfoStr in their order, and what each may hold (1.6.3).</summary>
internal static partial class FieldRules
{
    /// <summary>payExInfoStr itself.</summary>
    public static readonly string[] Envelope = ["sessionID", "payExchangeInfoHead", "payExchangeInfoLists", "serviceTime", "certNo", "signValue"];

    /// <summary>payExchangeInfoHead. totalAmount is a number and has its own check.</summary>
    public static readonly string[] Head =
    [
        "guid", "initalRequest", "initalResponse", "ebpCode", "payCode", "payTransactionId",
        "totalAmount", "currency", "verDept", "payType", "tradingTime", "note",
    ];

    /// <summary>An element of payExchangeInfoLists.</summary>
    public static readonly string[] Order = ["orderNo", "goodsInfo", "recpAccount", "recpCode", "recpName"];

    /// <summary>An element of goodsInfo.</summary>
    public static readonly string[] Goods = ["gname", "itemLink"];

    /// <summary>Text fields of the head.</summary>
    public static readonly TextRule[] HeadTexts =
    [
        new("guid", "系统唯一序号", 36, true, UpperCaseGuid().IsMatch),
        new("initalRequest", "原始请求", 8000, true),
        new("initalResponse", "原始响应", 8000, true),
        new("ebpCode", "电商平台代码", 18, true),
        new("payCode", "支付企业代码", 18, true),
        new("payTransactionId", "交易流水号", 60, true),
        new("currency", "币制", 4, true, text => text.All(char.IsAsciiDigit)),
        new("verDept", "验核机构", 1, true, text => text is "1" or "2" or "3"),
        new("payType", "支付类型", 1, false, text => text is "1" or "2" or "3" or "4"),
        new("tradingTime", "交易成功时间", 14, true, IsTime),
        new("note", "备注", 1000, false),
    ];

    /// <summary>Text fields of an order.</summary>
    public static readonly TextRule[] OrderTexts =
    [
        new("orderNo", "订单编号", 60, true),
        new("recpAccount", "收款账号", 60, true),
        new("recpCode", "收款企业代码", 18, false),
        new("recpName", "收款企业名称", 100, true),
    ];

    /// <summary>Text fields of goods.</summary>
    public static readonly TextRule[] GoodsTexts = [new("gname", "商品名称", 250, true), new("itemLink", "商品展示链接地址", 3000, true)];

    /// <summary>Text fields of the envelope. A certNo that is not lower-case hex is a matter of registration (20004), not of shape.</summary>
    public static readonly TextRule[] EnvelopeTexts =
    [
        new("sessionID", "会话ID", 128, true, text => !text.Any(char.IsControl)),
        new("certNo", "证书编号", 64, true),
        new("signValue", "签名结果值", 1024, true),
    ];

    /// <summary>
    /// totalAmount: N19,5 without quotes, sign or exponent; zeros at the end of the decimals are cut.
    /// Only <c>.0</c> passes, because a payload with 5.0 is known to have been accepted: see <see cref="IsWholeWithPointZero"/>.
    /// </summary>
    public static Refusal? CheckAmount(RawJson value)
    {
        const string field = "交易金额（totalAmount）";
        return value.Type is not JsonTokenType.Number ? new Refusal(ReplyCodes.FieldType, $"{field}必须是不带引号的数字")
            : !Amount().IsMatch(value.Text!) ? new Refusal(ReplyCodes.FieldValue, $"{field}必须是整数不超过14位、小数不超过5位的数字")
            : HasTrailingZero(value.Text!) && !IsWholeWithPointZero(value.Text!) ? new Refusal(ReplyCodes.FieldValue, $"{field}小数末尾的零应截去")
            : null;
    }

    /// <summary>Whether an amount that <see cref="CheckAmount"/> lets pass still stands there with a zero that should have been cut.</summary>
    public static bool IsWholeWithPointZero(string amount) => amount.IndexOf('.', StringComparison.Ordinal) == amount.Length - 2 && amount[^1] == '0';

    /// <summary>serviceTime: 13 digits, as a string or as a number.</summary>
    public static Refusal? CheckServiceTime(RawJson value)
    {
        const string field = "返回时的系统时间（serviceTime）";
        return value.Type is not (JsonTokenType.String or JsonTokenType.Number) ? new Refusal(ReplyCodes.FieldType, $"{field}必须是字符串或数字")
            : value.Text is not { Length: 13 } || !value.Text.All(char.IsAsciiDigit) ? new Refusal(ReplyCodes.FieldValue, $"{field}必须是13位毫秒数")
            : null;
    }

    private static bool HasTrailingZero(string amount) => amount.Contains('.', StringComparison.Ordinal) && amount[^1] == '0';

    private static bool IsTime(string text) =>
        text.All(char.IsAsciiDigit) && DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"\A[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UpperCaseGuid();

    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,13})(\.[0-9]{1,5})?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Amount();
}
