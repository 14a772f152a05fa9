using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>
/// 按证件号查询: the pushed orders of a person, for a complaint or a request of the person. For whoever may see personal data, with a reason, and written down before the orders are shown: on each
/// order that is found, or once without an order where there is none. The number itself is written down nowhere and stands in no address.
/// </summary>
[Needs(CustomsPermissions.Clear, CustomsPermissions.Clear)]
internal sealed class ReceiverModel(BridgeTable table, ClearAccess access) : Screen
{
    /// <summary>Orders that are shown. The default value is 200, the newest.</summary>
    private const int Most = 200;

    /// <summary>What is not as long as an identity card's number may be a passport's or another paper's. 4 to 14 letters and digits.</summary>
    private const int LongestOther = 14;

    /// <summary>What was found; <see langword="null"/> before anything was looked for.</summary>
    public IReadOnlyList<(string Merchant, string OrderNo)>? Orders { get; private set; }

    /// <summary>Whether there may be more than are shown.</summary>
    public bool AreAllShown => Orders is null or { Count: < Most };

    /// <summary>Looks for them. There is no other way: an address shows the form alone.</summary>
    [Operation("按身份证号查找订单", "Find orders by identity number")]
    public async Task OnPostAsync(string? cardNo, string? reason)
    {
        var number = cardNo?.Trim() ?? "";
        Problem = IsPaper(number) ? ClearAccess.WhyNot(reason)
            : Words.Of("证件号码有误：身份证须为 18 位且校验位正确，其他证件为 4 至 14 位字母或数字", "The number is wrong: an identity card has 18 characters with the right check digit, another paper 4 to 14 letters and digits");
        if (Problem is not null)
        {
            return;
        }

        var found = await table.OrdersOfReceiverAsync(number, Most, HttpContext.RequestAborted);
        var reader = new ClearReader(Visitor.Name, reason!.Trim());
        foreach (var (merchant, orderNo) in found.DefaultIfEmpty(("", "")))
        {
            await access.RecordAsync(reader, orderNo, merchant, ClearAccessKind.Receiver);
        }

        Orders = found;
    }

    private static bool IsPaper(string number) =>
        number.Length is >= 4 and <= LongestOther ? number.All(char.IsAsciiLetterOrDigit) : IdentityCard.IsRight(number);
}
