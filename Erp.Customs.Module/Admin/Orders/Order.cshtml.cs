using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>One order: what is stored of its payment, how it stands at the bridge with every exchange masked, customs' requests about it, and the button 联调上传.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class OrderModel(PaymentArchive archive, Answerable answerable, BridgeTable table, IOrderPushes pushes, RequestTable requests, ICustoms customs) : Screen
{
    public string OrderNo { get; private set; } = "";

    public string? Merchant { get; private set; }

    public PaymentRecord? Payment { get; private set; }

    /// <summary>Another payment of the merchant has the order too.</summary>
    public bool InSeveralPayments { get; private set; }

    /// <summary>What would keep customs from getting an answer.</summary>
    public IReadOnlyList<string> Violations { get; private set; } = [];

    public BridgeOrder? Pushed { get; private set; }

    public OrderPush? Push { get; private set; }

    public IReadOnlyList<BridgeExchange> Exchanges { get; private set; } = [];

    public IReadOnlyList<CustomsRequest> Requests { get; private set; } = [];

    /// <summary>海关 by code and name.</summary>
    public string Customs(string code) => pushes.CustomsNames.TryGetValue(code, out var name) ? $"{code} {name}" : code;

    public async Task<IActionResult> OnGetAsync(string? no, string? merchant)
    {
        var stop = HttpContext.RequestAborted;
        (OrderNo, Merchant) = (no?.Trim() ?? "", string.IsNullOrWhiteSpace(merchant) ? null : merchant);
        var found = await archive.FindForOrderAsync(OrderNo, Merchant, stop);
        if (found is { InSeveralMerchants: false })
        {
            (Payment, InSeveralPayments, Violations) = (found.Payment, found.InSeveralPayments, answerable.Violations(found.Payment));
            Merchant ??= found.Payment.Merchant;
        }

        var pushed = (await table.FindByNumberAsync(OrderNo, stop)).Where(order => Merchant is null || order.Merchant == Merchant).ToList();
        if (pushed is [var only])
        {
            (Pushed, Push, Exchanges) = (only, pushes.Read(only), await table.ExchangesAsync(only.Id, stop));
            Merchant ??= only.Merchant;
        }

        Requests = [.. (await requests.FindByOrderAsync(OrderNo, stop)).Where(request => Merchant is null || request.Merchant is null || request.Merchant == Merchant)];
        if (found is null && pushed.Count == 0 && Requests.Count == 0)
        {
            Tell(good: false, Words.Of($"没有订单 {Mask.Sentence(OrderNo)} 的任何数据", $"Nothing is stored about order {Mask.Sentence(OrderNo)}"));
            return LocalRedirect(Url.Page("/Orders/Payments")!);
        }

        if (found is { InSeveralMerchants: true } || pushed.Count > 1)
        {
            Problem = Words.Of("多个商户都有该订单号，请从列表中打开所要的订单", "Several merchants have this order number: open the one you mean from a list");
        }

        return Page();
    }

    /// <summary>联调: uploads the order to customs' test address, in a session of its own.</summary>
    [Operation("联调上传", "Test upload", "merchant", "no")]
    public async Task<IActionResult> OnPostTestUploadAsync(string no, string? merchant)
    {
        var orderNo = no.Trim();
        if (await customs.UploadTestAsync(orderNo, string.IsNullOrWhiteSpace(merchant) ? null : merchant, HttpContext.RequestAborted) is { } sessionId
            && await requests.FindBySessionAsync(sessionId, HttpContext.RequestAborted) is { } request)
        {
            Tell(good: true, Words.Of("已开始联调上传，只发往海关测试地址；结果见下方处理过程，刷新页面查看", "The test upload is under way, to customs' test address only; reload this page to see what became of it"));
            return LocalRedirect(Url.Page("/Requests/Detail", new { id = request.Id })!);
        }

        Tell(good: false, Words.Of("没有该订单的支付数据，或多个商户都有该订单号，未上传", "No payment is stored for this order, or several merchants have its number: nothing was uploaded"));
        return LocalRedirect(Url.Page("/Orders/Payments")!);
    }

    /// <summary>Pushes the order again as it is.</summary>
    [Operation("重推订单", "Push again", "merchant", "no")]
    public async Task<IActionResult> OnPostPushAsync(long id, string no, string merchant)
    {
        var again = await pushes.PushAgainAsync(id, Visitor.Name);
        Tell(again, again
            ? Words.Of("已安排重推", "It is pushed again")
            : Words.Of("当前状态不需要重推，未作任何更改", "It does not stand where a push could help; nothing was changed"));
        return LocalRedirect(Url.Page("/Orders/Order", new { merchant, no })!);
    }

    /// <summary>Asks GetOrder now.</summary>
    [Operation("查询订单", "Ask the bridge", "merchant", "no")]
    public async Task<IActionResult> OnPostAskAsync(long id, string no, string merchant)
    {
        var asked = await pushes.AskNowAsync(id, Visitor.Name);
        Tell(asked, asked
            ? Words.Of("已向资方查询，结果稍后显示，刷新页面查看", "The bridge is asked; reload this page to see its answer")
            : Words.Of("尚未推送或已完成，不需要查询，未作任何更改", "It was never pushed or is done; nothing was changed"));
        return LocalRedirect(Url.Page("/Orders/Order", new { merchant, no })!);
    }
}
