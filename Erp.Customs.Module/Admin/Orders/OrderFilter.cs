using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Primitives;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>The filter bar over payments and over orders at the bridge, as its fields were filled in. Dates are China's, of the payment.</summary>
internal sealed record OrderFilter(string State, string Order, string Transaction, string Merchant, string Flag, string From, string Until)
{
    /// <summary>此处已支付: no flag of the bridge's room, but what the archive says beside it.</summary>
    public const string PaidHereOnly = "paid_here_only";

    /// <summary>What is wrong with a field, <c>中文 | English</c>; <see langword="null"/> when nothing is.</summary>
    public string? Problem => State.Length == 0 || Enum.GetValues<BridgeState>().Any(state => EnumWords<BridgeState>.Word(state) == State)
        ? FilterText.Problem(Order, From, Until)
        : Words.Of("筛选条件有误：状态须从列表选择", "The filter is wrong: choose a state from the list");

    /// <summary>Payments that fit.</summary>
    public PaymentSearch Payments => new()
    {
        OrderNos = FilterText.Orders(Order),
        PayTransactionId = Transaction.Length == 0 ? null : Transaction,
        Merchant = Merchant.Length == 0 ? null : Merchant,
        From = FilterText.Day(From),
        Until = FilterText.Day(Until)?.AddDays(1),
    };

    /// <summary>Orders at the bridge that fit.</summary>
    public BridgeSearch Pushes => new()
    {
        States = State.Length == 0 ? [] : [EnumWords<BridgeState>.Parse(State)],
        OrderNos = FilterText.Orders(Order),
        Merchant = Merchant.Length == 0 ? null : Merchant,
        Flag = Flag.Length == 0 || Flag == PaidHereOnly ? null : Flag,
        PaidHereOnly = Flag == PaidHereOnly,
        From = FilterText.Day(From),
        Until = FilterText.Day(Until)?.AddDays(1),
    };

    /// <summary>What stands for <see cref="Order"/> in addresses.</summary>
    public required string OrderName { get; init; }

    /// <summary>Reads the fields.</summary>
    public static OrderFilter Read(Func<string, StringValues> field, PastedOrders pasted)
    {
        var (orders, name) = pasted.Read(Text(field("order")));
        return new(Text(field("state")), orders, Text(field("transaction")), Text(field("merchant")), Text(field("flag")), Text(field("from")), Text(field("until"))) { OrderName = name };
    }

    /// <summary>The fields by name, for links and hidden inputs.</summary>
    public IEnumerable<(string Name, string Value)> Fields() =>
        [("state", State), ("order", OrderName), ("transaction", Transaction), ("merchant", Merchant), ("flag", Flag), ("from", From), ("until", Until)];

    private static string Text(StringValues value) => value.ToString().Trim();
}
