using System.Globalization;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// The field rules of an order for the bridge (API v1.1, 2.1.2), held against it before anything is stored or sent, all of them in one go. A sentence names field and rule and never the value.
/// Lengths are UTF-16 units; where the bridge publishes none, customs' own or a generous one stands here.
/// </summary>
internal sealed class BridgeOrderRules(CustomsCodes customsCodes)
{
    private const int OrderNoLength = 60;
    private const int NameLength = 60;
    private const int CardLength = 32;
    private const int MobileLength = 11;
    private const int GNameLength = 250;
    private const int ItemLinkLength = 3000;

    /// <summary>PushOrder's JSON becomes initalRequest, which customs take up to 8000 characters of.</summary>
    private const int BodyLength = 8000;

    /// <summary>N19,5 at customs: 14 digits before the point.</summary>
    private const decimal AmountLimit = 100_000_000_000_000m;

    /// <summary>Finds every rule that an order breaks; none means that it may be pushed.</summary>
    public IReadOnlyList<string> Check(OrderPush push, BridgeMerchantOptions merchant)
    {
        var found = new List<string>();
        Text(found, "orderNo", "商户订单号", push.OrderNo, OrderNoLength);
        Text(found, "receiverName", "报关人姓名", push.ReceiverName, NameLength);
        if (Text(found, "receiverCardNo", "报关人证件号", push.ReceiverCardNo, CardLength) && push.ReceiverCardNo.Length == IdentityCard.Length && !IdentityCard.IsRight(push.ReceiverCardNo))
        {
            Add(found, "receiverCardNo", "18 位身份证号的校验位不正确", "has 18 characters, but its check digit is not that of an identity card");
        }

        if (push.ReceiverMobile.Length != MobileLength || !push.ReceiverMobile.All(char.IsAsciiDigit))
        {
            Add(found, "receiverMobile", "手机号码须为 11 位数字", "must be 11 digits");
        }

        if (push.TotalNum < 1)
        {
            Add(found, "totalNum", "商品数量须为 1 或以上的整数", "must be a whole number of 1 or more");
        }

        if (push.OrderTotal is <= 0 or >= AmountLimit || decimal.Round(push.OrderTotal, 2) != push.OrderTotal)
        {
            Add(found, "orderTotal", "商品金额须大于 0，整数至多 14 位、小数至多 2 位", "must be more than 0, with at most 14 digits before and 2 after the point");
        }

        if (push.PayTime == default)
        {
            Add(found, "payTime", "缺少交易成功时间", "is missing");
        }

        if (push.CustomsCode.Length > 0 && !customsCodes.Names.ContainsKey(push.CustomsCode))
        {
            var listed = string.Join(", ", customsCodes.Names.Keys);
            Add(found, "customsCode", $"海关编号须为空或 {listed} 之一", $"must be empty or one of {listed}");
        }

        if (push.Operation is not ("A" or "U"))
        {
            Add(found, "operation", "操作类型只能是 A（新增）或 U（更新）", "must be A (add) or U (update)");
        }

        Goods(found, push.Goods);
        if (found.Count == 0 && PushBody.Push(push, merchant).Length > BodyLength)
        {
            Add(found, "goods", "商品名称合计过长：推单报文超过海关原始请求的 8000 个字符", "the names are too long together: PushOrder's message would pass the 8000 characters that customs take");
        }

        return found;
    }

    /// <summary>What a person should look at although no rule is broken.</summary>
    public static IReadOnlyList<string> Flags(OrderPush push, bool rehearsal)
    {
        var flags = new List<string>();
        if (push.ReceiverCardNo.Length != IdentityCard.Length)
        {
            flags.Add(BridgeFlags.CardNotChecked);
        }

        if (rehearsal)
        {
            flags.Add(BridgeFlags.Rehearsal);
        }

        return flags;
    }

    private static void Goods(List<string> found, IReadOnlyList<Goods> goods)
    {
        if (goods.Count == 0)
        {
            Add(found, "goods", "至少要有一个商品", "at least one is required");
        }

        for (var i = 0; i < goods.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"goods[{i}]");
            Text(found, $"{path}.gname", "商品名称", goods[i].GName, GNameLength);
            Text(found, $"{path}.itemLink", "商品链接", goods[i].ItemLink, ItemLinkLength);
        }
    }

    /// <summary>There, not too long, and text: no control characters, no half of a surrogate pair, nothing to trim.</summary>
    private static bool Text(List<string> found, string field, string zh, string value, int most)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(found, field, $"缺少{zh}", "is missing");
        }
        else if (value.Length > most)
        {
            Add(found, field, string.Create(CultureInfo.InvariantCulture, $"{zh}至多 {most} 个字符，现为 {value.Length} 个"), string.Create(CultureInfo.InvariantCulture, $"may have {most} characters and has {value.Length}"));
        }
        else if (value.Any(char.IsControl) || !IsUnicode(value) || value.AsSpan().Trim().Length != value.Length)
        {
            Add(found, field, $"{zh}含有控制字符、不完整的字符或首尾空白", "holds control characters, half a character, or blanks at an end");
        }
        else
        {
            return true;
        }

        return false;
    }

    private static bool IsUnicode(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static void Add(List<string> found, string field, string zh, string en) => found.Add(Words.Of($"{field}: {zh}", $"{field}: {en}"));
}
