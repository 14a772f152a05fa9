using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <content>The list as a file.</content>
internal sealed partial class PaymentsModel
{
    /// <summary>Hands out what the filter shows: a line for each order.</summary>
    [Operation("导出支付", "Export payments", "format")]
    [HandlerNeeds(CustomsPermissions.Export)]
    public async Task<IActionResult> OnPostExportAsync(string? format)
    {
        Filter = OrderFilter.Read(name => Request.Form[name], pasted);
        if (Filter.Problem is { } problem)
        {
            Tell(good: false, problem);
            return LocalRedirect(Link);
        }

        var (search, say) = (Filter.Payments, Say);
        var total = await archive.CountAsync(search, HttpContext.RequestAborted);
        var list = new ExportList(
            say["支付数据", "payments"],
            [
                say["订单编号", "Order"], say["商户", "Merchant"], say["交易流水号", "Transaction"], say["支付企业", "Payment company"], say["金额", "Amount"], say["币制", "Currency"],
                say["交易成功时间", "Paid"], say["入库时间", "Stored"], say["版本", "Version"],
            ],
            total,
            stop => ExportList.ReadAsync<PaymentSummary>(
                last => archive.SearchAsync(search, new PaymentPage(ExportList.Part) { From = last?.Place }, stop), payment => Lines(payment, say), stop));
        return await HandOutAsync(desk, list, format, Link);
    }

    private static IEnumerable<IReadOnlyList<object?>> Lines(PaymentSummary payment, ScreenWords say) => payment.Facts is { } facts
        ? facts.Orders.Select(order => (IReadOnlyList<object?>)
        [
            order.OrderNo, payment.Merchant, payment.PayTransactionId, say.PaymentCompany(facts.PayCode), facts.TotalAmount, say.Currency(facts.Currency),
            ChinaTime.ToScreen(facts.TradingTime), ChinaTime.ToScreen(payment.ReceivedAt), payment.Version,
        ])
        : [[say["不可读", "unreadable"], payment.Merchant, payment.PayTransactionId, say.Of(payment.Unreadable!), null, "", "", ChinaTime.ToScreen(payment.ReceivedAt), payment.Version]];
}
