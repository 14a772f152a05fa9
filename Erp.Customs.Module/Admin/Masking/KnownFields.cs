using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Erp.Customs.Module.Admin.Masking;

/// <summary>
/// The fields of payment messages whose values are no personal data and are shown: numbers of the trade, amounts, times, results and codes of Alipay, WeChat Pay,
/// UnionPay, the payment-customs bridge (protocol.md section 4) and notice 179. Everything else is hidden: a new field of a payment company must not show a person
/// before somebody has looked at it.
/// </summary>
internal static partial class KnownFields
{
    private const int Milliseconds = 1000;

    /// <summary>Characters of a value that is shown. The default value is 80.</summary>
    private const int Longest = 80;

    private static readonly FrozenSet<string> s_codes = FrozenSet.ToFrozenSet(
    [
        // Alipay
        "method", "version", "charset", "format", "sign_type", "app_id", "timestamp", "notify_time", "notify_type", "notify_id", "out_trade_no", "trade_no", "trade_status",
        "total_amount", "receipt_amount", "buyer_pay_amount", "invoice_amount", "point_amount", "gmt_create", "gmt_payment", "gmt_refund", "code", "sub_code", "product_code",
        "seller_id", "timeout_express", "fund_channel", "amount", "currency", "partner", "service", "_input_charset", "total_fee",
        // WeChat Pay
        "appid", "mch_id", "sub_mch_id", "nonce_str", "trade_type", "fee_type", "cash_fee", "cash_fee_type", "time_start", "time_expire", "time_end", "transaction_id", "bank_type",
        "return_code", "result_code", "err_code", "is_subscribe", "verify_department", "verify_department_trade_id", "sub_order_no", "sub_order_id", "customs", "mch_customs_no",
        "state", "retcode",
        // UnionPay
        "merId", "orderId", "queryId", "txnType", "txnSubType", "txnTime", "txnAmt", "currencyCode", "settleAmt", "settleDate", "settleCurrencyCode", "respCode", "bizType", "accessType",
        "channelType", "encoding", "signMethod", "traceNo", "traceTime",
        // the bridge
        "OperationType", "OrderNo", "TotalNum", "OrderTotal", "ShopPayTime", "CustomsCode", "ReturnCode", "PaymentNo", "PaymentStatus", "PayTime", "order_no", "payment_no", "result",
        // notice 179
        "sessionID", "guid", "ebpCode", "payCode", "payTransactionId", "totalAmount", "verDept", "payType", "tradingTime", "serviceTime", "certNo", "recpCode", "total",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>What was bought and from whom the bridge buys: no person's data.</summary>
    private static readonly FrozenSet<string> s_words = FrozenSet.ToFrozenSet(["gname", "itemLink", "ItemNames", "MerchantName", "CapitalName"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Results that the bridge and customs write as words (protocol.md sections 2 and 4).</summary>
    private static readonly FrozenSet<string> s_results = FrozenSet.ToFrozenSet(["已支付+已报关", "已支付 已报关", "已撤销", "已支付", "待支付", "未支付", "已报关", "未报关", "报关中", "成功", "失败", "上传成功", "上传失败"]);

    /// <summary>A field's value as it may be shown, or <see langword="null"/> when it is hidden.</summary>
    public static string? Show(string name, string value) =>
        value.Length == 0 || s_results.Contains(value) ? value
        : s_codes.Contains(name) && Code().IsMatch(value) && !Mask.IsPersonal(value) ? value
        : s_words.Contains(name) ? Shortened(Mask.Sentence(value))
        : null;

    /// <summary>Whether a field holds words and links about goods and firms, which are shown as they stand.</summary>
    public static bool IsWords(string name) => s_words.Contains(name);

    /// <summary>A field's name, or <see cref="Mask.Hidden"/> when it is none that a programmer would give.</summary>
    public static string Name(string name) => Identifier().IsMatch(name) ? name : Mask.Hidden;

    private static string Shortened(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");

    /// <summary>No blank but in a time: names are written with blanks.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z0-9_.:+\-/]{1,64}|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?)$", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.:\-]{0,47}$", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Identifier();
}
