using System.Net.Mime;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Orders;

/// <summary>查阅原文: the raw payment messages of an order in clear, and its evidence bundle; for whoever may, with a reason, and written down before it is shown.</summary>
[Needs(CustomsPermissions.Clear, CustomsPermissions.Clear)]
internal sealed class OriginalsModel(PaymentArchive archive, ClearAccess access, ClearAccessTable accesses, ICustoms customs) : Screen
{
    /// <summary>Earlier looks that are listed. The default value is 50, the newest.</summary>
    private const int Listed = 50;

    public string OrderNo { get; private set; } = "";

    public string? Merchant { get; private set; }

    /// <summary>What was asked to be shown; <see langword="null"/> before that.</summary>
    public PaymentRecord? Payment { get; private set; }

    /// <summary>Who looked before.</summary>
    public IReadOnlyList<ClearAccessEntry> Before { get; private set; } = [];

    public Task OnGetAsync(string? no, string? merchant) => LookAsync(no, merchant);

    /// <summary>Shows the raw request and response.</summary>
    [Operation("查看支付原文", "See the originals", "merchant", "no")]
    public async Task<IActionResult> OnPostShowAsync(string? no, string? merchant, string? reason)
    {
        await LookAsync(no, merchant);
        Problem = ClearAccess.WhyNot(reason);
        if (Problem is null && await archive.FindForOrderAsync(OrderNo, Merchant, HttpContext.RequestAborted) is { InSeveralMerchants: false } found)
        {
            await access.RecordAsync(new ClearReader(Visitor.Name, reason!.Trim()), OrderNo, found.Payment.Merchant, ClearAccessKind.Original);
            Payment = found.Payment;
            await LookAsync(no, merchant);
        }
        else
        {
            Problem ??= Words.Of($"没有订单 {Mask.Sentence(OrderNo)} 的支付数据，或多个商户都有该订单号", $"No payment is stored for order {Mask.Sentence(OrderNo)}, or several merchants have its number");
        }

        return Page();
    }

    /// <summary>Hands out the bundle.</summary>
    [Operation("下载证据包", "Take an evidence bundle", "merchant", "no")]
    public async Task<IActionResult> OnPostBundleAsync(string? no, string? merchant, string? reason)
    {
        await LookAsync(no, merchant);
        var bundle = await customs.ExportEvidenceAsync(OrderNo, Merchant, Visitor.Name, reason ?? "", HttpContext.RequestAborted);
        if (bundle.Problem.Length == 0)
        {
            return File(bundle.Content.ToArray(), MediaTypeNames.Application.Zip, bundle.FileName);
        }

        Problem = bundle.Problem;
        return Page();
    }

    private async Task LookAsync(string? no, string? merchant)
    {
        (OrderNo, Merchant) = (no?.Trim() ?? "", string.IsNullOrWhiteSpace(merchant) ? null : merchant);
        Before = await accesses.OfOrderAsync(OrderNo, Listed, HttpContext.RequestAborted);
    }
}
