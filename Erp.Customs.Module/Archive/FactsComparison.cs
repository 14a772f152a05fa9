using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Archive;

/// <summary>Tells which fields of two payments' facts differ, by name and never by value. Amounts and times are compared by what they mean: 100.0 is 100.</summary>
internal static class FactsComparison
{
    /// <summary>The fields that differ, e.g. <c>totalAmount</c> or <c>orders[1].goods[0].gname</c>; empty when the facts say the same.</summary>
    public static IReadOnlyList<string> Differences(PaymentFacts left, PaymentFacts right)
    {
        var names = new List<string>();
        Text(names, "payCode", left.PayCode, right.PayCode);
        Value(names, "totalAmount", left.TotalAmount, right.TotalAmount);
        Text(names, "currency", left.Currency, right.Currency);
        Text(names, "verDept", left.VerDept, right.VerDept);
        Text(names, "payType", left.PayType, right.PayType);
        Value(names, "tradingTime", left.TradingTime, right.TradingTime);
        Text(names, "note", left.Note, right.Note);
        Each(names, "orders", left.Orders, right.Orders, Orders);
        return names;
    }

    private static void Orders(List<string> names, string name, PaidOrder left, PaidOrder right)
    {
        Text(names, $"{name}.orderNo", left.OrderNo, right.OrderNo);
        Each(names, $"{name}.goods", left.Goods, right.Goods, GoodsOf);
        Text(names, $"{name}.recpAccount", left.RecpAccount, right.RecpAccount);
        Text(names, $"{name}.recpCode", left.RecpCode, right.RecpCode);
        Text(names, $"{name}.recpName", left.RecpName, right.RecpName);
    }

    private static void GoodsOf(List<string> names, string name, Goods left, Goods right)
    {
        Text(names, $"{name}.gname", left.GName, right.GName);
        Text(names, $"{name}.itemLink", left.ItemLink, right.ItemLink);
    }

    private static void Each<T>(List<string> names, string name, IReadOnlyList<T> left, IReadOnlyList<T> right, Action<List<string>, string, T, T> compare)
    {
        if (left.Count != right.Count)
        {
            names.Add(name);
            return;
        }

        for (var i = 0; i < left.Count; i++)
        {
            compare(names, $"{name}[{i}]", left[i], right[i]);
        }
    }

    private static void Text(List<string> names, string name, string left, string right)
    {
        if (!string.Equals(left, right, StringComparison.Ordinal))
        {
            names.Add(name);
        }
    }

    private static void Value<T>(List<string> names, string name, T left, T right) where T : IEquatable<T>
    {
        if (!left.Equals(right))
        {
            names.Add(name);
        }
    }
}
