using System.Buffers;
using System.Globalization;

namespace Erp.Customs.Module.Rendering;

/// <summary>
/// The field rules of notice 179, table of 1.6.3, held against the copy that is sent. Lengths are UTF-16 units: one Chinese character counts as one.
/// Nothing is ever cut or rounded to fit; what does not fit is refused, all of it in one go.
/// </summary>
internal static class PayExchangeRules
{
    /// <summary>Fields that may be empty. All others are required.</summary>
    public static IReadOnlySet<string> Optional { get; } = new HashSet<string>(["payType", "note", "recpCode"], StringComparer.Ordinal);

    /// <summary>N19,5: nineteen digits, five of them after the point.</summary>
    private const int AmountDecimals = 5;

    /// <summary>N19,5: what is left before the point.</summary>
    private const int AmountIntegerDigits = 14;

    private const string TradingTimeFormat = "yyyyMMddHHmmss";

    private static readonly SearchValues<char> GuidCharacters = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Finds every rule that a payment breaks; none means that it may be rendered.</summary>
    public static IReadOnlyList<FieldViolation> Check(PayExchange exchange)
    {
        var found = new Findings();
        CheckHead(found.Under("payExchangeInfoHead"), exchange.Head);
        if (exchange.Lists.Count == 0)
        {
            found.Add("payExchangeInfoLists", "至少要有一个订单", "at least one order is required");
        }

        for (var i = 0; i < exchange.Lists.Count; i++)
        {
            CheckOrder(found.Under($"payExchangeInfoLists[{i}]"), exchange.Lists[i]);
        }

        return found.All;
    }

    private static void CheckHead(Findings found, PayExchangeHead head)
    {
        // The interface says C..36 and speaks of 36 characters in capitals; customs refuse lower case.
        if (found.Text("guid", "系统唯一序号", head.Guid, 36) && (head.Guid.Length != 36 || head.Guid.AsSpan().ContainsAnyExcept(GuidCharacters)))
        {
            found.Add("guid", "系统唯一序号须为 36 位大写字母、数字和连字符", "must be 36 capital letters, digits and hyphens");
        }

        found.Text("initalRequest", "原始请求", head.InitalRequest, 8000);
        found.Text("initalResponse", "原始响应", head.InitalResponse, 8000);
        found.Text("ebpCode", "电商平台代码", head.EbpCode, 18);
        found.Text("payCode", "支付企业代码", head.PayCode, 18);
        found.Text("payTransactionId", "交易流水号", head.PayTransactionId, 60);
        CheckAmount(found, head.TotalAmount);
        if (found.Text("currency", "币制", head.Currency, 4) && !head.Currency.All(char.IsAsciiDigit))
        {
            found.Add("currency", "币制须为海关数字代码，如 142（人民币）", "must be customs' code in digits, e.g. 142 for CNY");
        }

        if (found.Text("verDept", "验核机构", head.VerDept, 1) && head.VerDept is not ("1" or "2" or "3"))
        {
            found.Add("verDept", "验核机构只能是 1（银联）、2（网联）或 3（其他）", "must be 1 (UnionPay), 2 (NetsUnion) or 3 (other)");
        }

        if (found.Text("payType", "支付类型", head.PayType, 1) && head.PayType is not ("" or "1" or "2" or "3" or "4"))
        {
            found.Add("payType", "支付类型只能为空或 1（APP）、2（PC）、3（扫码）、4（其他）", "must be empty, 1 (APP), 2 (PC), 3 (scan) or 4 (other)");
        }

        if (found.Text("tradingTime", "交易成功时间", head.TradingTime, 14)
            && !DateTime.TryParseExact(head.TradingTime, TradingTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            found.Add("tradingTime", "交易成功时间须为真实存在的 yyyyMMddHHmmss（北京时间）", "must be a time that exists, as yyyyMMddHHmmss in China time");
        }

        found.Text("note", "备注", head.Note, 1000);
    }

    /// <remarks>
    /// The interface names no lower limit. Negative amounts are refused: a refund is not a payment. Zero is let through: an order that a voucher paid in full
    /// has a real transaction of zero, and refusing it here would keep customs from an answer that they may well accept.
    /// </remarks>
    private static void CheckAmount(Findings found, decimal amount)
    {
        if (decimal.IsNegative(amount))
        {
            found.Add("totalAmount", "交易金额不能为负数", "must not be negative");
        }

        var digits = CustomsJson.Number(Math.Abs(amount)).Split('.');
        if (digits[0].Length > AmountIntegerDigits)
        {
            found.Add(
                "totalAmount",
                $"交易金额小数点前最多 {AmountIntegerDigits} 位，现有 {digits[0].Length} 位",
                $"at most {AmountIntegerDigits} digits before the point, found {digits[0].Length}");
        }

        if (digits.Length > 1 && digits[1].Length > AmountDecimals)
        {
            found.Add(
                "totalAmount",
                $"交易金额最多 {AmountDecimals} 位小数，现有 {digits[1].Length} 位",
                $"at most {AmountDecimals} decimals, found {digits[1].Length}");
        }
    }

    private static void CheckOrder(Findings found, PayExchangeOrder order)
    {
        found.Text("orderNo", "订单编号", order.OrderNo, 60);
        if (order.GoodsInfo.Count == 0)
        {
            found.Add("goodsInfo", "每个订单至少要有一项商品信息", "at least one kind of goods is required");
        }

        for (var i = 0; i < order.GoodsInfo.Count; i++)
        {
            var goods = found.Under($"goodsInfo[{i}]");
            goods.Text("gname", "商品名称", order.GoodsInfo[i].Gname, 250);
            goods.Text("itemLink", "商品展示链接地址", order.GoodsInfo[i].ItemLink, 3000);
        }

        found.Text("recpAccount", "收款账号", order.RecpAccount, 60);
        found.Text("recpCode", "收款企业代码", order.RecpCode, 18);
        found.Text("recpName", "收款企业名称", order.RecpName, 100);
    }

    /// <summary>Collects violations under the path of an object.</summary>
    private sealed class Findings
    {
        private readonly string _path;
        private readonly List<FieldViolation> _all;

        public Findings() : this("", []) { }

        private Findings(string path, List<FieldViolation> all)
        {
            _path = path;
            _all = all;
        }

        public IReadOnlyList<FieldViolation> All => _all;

        public Findings Under(string name) => new(Path(name), _all);

        public void Add(string name, string sentence, string sentenceEn) => _all.Add(new FieldViolation(Path(name), sentence, sentenceEn));

        /// <summary>What holds for every text. Answers whether its shape is still worth a look.</summary>
        public bool Text(string name, string term, string value, int limit)
        {
            var before = _all.Count;
            if (!Optional.Contains(name) && string.IsNullOrWhiteSpace(value))
            {
                Add(name, $"{term}必填，现为空", "required, but empty");
            }

            if (value.Length > limit)
            {
                Add(name, $"{term}最多 {limit} 个字符，现有 {value.Length} 个", $"at most {limit} characters, found {value.Length}");
            }

            if (LoneSurrogate(value) is int at)
            {
                Add(name, $"{term}第 {at + 1} 个字符是不成对的代理项，无法编码", $"character {at + 1} is half of a surrogate pair and cannot be encoded");
            }

            return _all.Count == before;
        }

        private string Path(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

        private static int? LoneSurrogate(string value)
        {
            for (var i = value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < value.Length; i++)
            {
                if (char.IsSurrogatePair(value, i))
                {
                    i++;
                }
                else if (char.IsSurrogate(value[i]))
                {
                    return i;
                }
            }

            return null;
        }
    }
}

/// <summary>A broken field rule. Says what is allowed and what was found, as lengths and positions: never the value, which may be personal data.</summary>
/// <param name="Field">Path in customs' spelling, e.g. <c>payExchangeInfoLists[1].goodsInfo[0].gname</c>.</param>
/// <param name="Sentence">Limit and finding in Chinese.</param>
/// <param name="SentenceEn">The same in English.</param>
internal sealed record FieldViolation(string Field, string Sentence, string SentenceEn);
