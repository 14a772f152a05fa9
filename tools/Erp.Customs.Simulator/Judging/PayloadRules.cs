using System.Text.Json;

namespace Erp.Customs.Simulator.Judging;

/// <summary>Shape and field rules of payExInfoStr (1.6.2.2, 1.6.3): finds the first one that is broken.</summary>
internal static class PayloadRules
{
    /// <summary>The first broken rule, or <see langword="null"/>. Only then may a payload's members be taken for granted.</summary>
    public static Refusal? Check(RawJson root) =>
        CheckMembers(root, FieldRules.Envelope, "完整请求内容（payExInfoStr）")
        ?? CheckTexts(root, FieldRules.EnvelopeTexts)
        ?? FieldRules.CheckServiceTime(root["serviceTime"])
        ?? CheckHead(root["payExchangeInfoHead"])
        ?? CheckOrders(root["payExchangeInfoLists"]);

    private static Refusal? CheckHead(RawJson head) =>
        CheckMembers(head, FieldRules.Head, "支付原始数据表头（payExchangeInfoHead）")
        ?? CheckTexts(head, FieldRules.HeadTexts)
        ?? FieldRules.CheckAmount(head["totalAmount"]);

    private static Refusal? CheckOrders(RawJson lists) =>
        CheckArray(lists, "支付原始数据表体（payExchangeInfoLists）")
        ?? First(lists.Items, CheckOrder)
        ?? CheckDistinct(lists.Items);

    private static Refusal? CheckOrder(RawJson order) =>
        CheckMembers(order, FieldRules.Order, "支付原始数据表体（payExchangeInfoLists）")
        ?? CheckTexts(order, FieldRules.OrderTexts)
        ?? CheckArray(order["goodsInfo"], "商品信息（goodsInfo）")
        ?? First(order["goodsInfo"].Items, CheckGoods);

    private static Refusal? CheckGoods(RawJson goods) =>
        CheckMembers(goods, FieldRules.Goods, "商品信息（goodsInfo）") ?? CheckTexts(goods, FieldRules.GoodsTexts);

    private static Refusal? CheckDistinct(IReadOnlyList<RawJson> orders) =>
        orders.DistinctBy(order => order["orderNo"].Text, StringComparer.Ordinal).Count() == orders.Count
            ? null
            : new Refusal(ReplyCodes.OrdersIncomplete, "订单编号（orderNo）重复");

    private static Refusal? CheckTexts(RawJson owner, IEnumerable<TextRule> rules) => First(rules, rule => rule.Check(owner[rule.Name]));

    private static Refusal? CheckArray(RawJson value, string chinese) =>
        value.Type is not JsonTokenType.StartArray ? new Refusal(ReplyCodes.FieldType, $"{chinese}必须是数组")
        : value.Items.Count == 0 ? new Refusal(ReplyCodes.FieldEmpty, $"{chinese}不能为空")
        : null;

    private static Refusal? CheckMembers(RawJson value, string[] names, string chinese)
    {
        if (value.Type is not JsonTokenType.StartObject)
        {
            return new Refusal(ReplyCodes.FieldType, $"{chinese}必须是对象");
        }

        var found = value.Members.Select(member => member.Name).ToList();
        if (names.FirstOrDefault(name => !found.Contains(name, StringComparer.Ordinal)) is { } missing)
        {
            return new Refusal(ReplyCodes.FieldMissing, $"{chinese}缺少字段{missing}");
        }

        // The name of a field that is not in the table is the sender's text: it is not repeated.
        return found.Count > names.Length ? new Refusal(ReplyCodes.FieldUnexpected, $"{chinese}有多余或重复的字段")
            : !found.SequenceEqual(names, StringComparer.Ordinal) ? new Refusal(ReplyCodes.FieldOrder, $"{chinese}字段顺序不正确")
            : null;
    }

    private static Refusal? First<T>(IEnumerable<T> all, Func<T, Refusal?> check) => all.Select(check).FirstOrDefault(refusal => refusal is not null);
}
