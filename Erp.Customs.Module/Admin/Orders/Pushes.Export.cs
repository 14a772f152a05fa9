using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <content>The list as a file.</content>
internal sealed partial class PushesModel
{
    /// <summary>Hands out what the filter shows.</summary>
    [Operation("导出推单", "Export pushed orders", "format")]
    [HandlerNeeds(CustomsPermissions.Export)]
    public async Task<IActionResult> OnPostExportAsync(string? format)
    {
        Filter = OrderFilter.Read(name => Request.Form[name], pasted);
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link());
        }

        var (search, say) = (Filter.Pushes, Say);
        var counts = await table.CountByStateAsync(search, HttpContext.RequestAborted);
        var list = new ExportList(
            say["推单", "pushed-orders"],
            [
                say["交易时间", "Paid in the shop"], say["订单编号", "Order"], say["商户", "Merchant"], say["报关人", "Receiver"], say["海关", "Customs"], say["金额", "Amount"], say["推单状态", "State"],
                say["提示", "Flags"], say["说明", "Reason"], say["支付单号", "Payment no."], say["推送次数", "Pushed"], say["查询次数", "Asked"], say["下次处理", "Next try"],
            ],
            search.States.Count == 0 ? counts.Values.Sum() : search.States.Sum(state => counts[state]),
            stop => ExportList.ReadAsync<BridgeOrder>(
                last => table.SearchAsync(search, new ListPage(ExportList.Part, last?.Id ?? long.MaxValue), stop), order => [Line(order, say)], stop));
        return await HandOutAsync(desk, list, format, Link());
    }

    private IReadOnlyList<object?> Line(BridgeOrder order, ScreenWords say)
    {
        var push = pushes.Read(order);
        return
        [
            ChinaTime.ToScreen(push.PayTime), order.OrderNo, order.Merchant, Mask.Name(push.ReceiverName), Customs(push.CustomsCode), push.OrderTotal, say.State(order.State),
            string.Join(' ', order.Flags.Select(say.Flag)), say.Of(order.Reason), order.PaymentNo, order.Attempts, order.Polls, order.NextAttemptAt is { } next ? ChinaTime.ToScreen(next) : "",
        ];
    }
}
