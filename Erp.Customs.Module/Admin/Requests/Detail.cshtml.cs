using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>One request of customs: its way, what was signed and sent, what came back, the payment behind it with its raw messages masked. Has an address of its own, and is shown in the drawer of the list.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class RequestDetailModel(RequestTable requests, PaymentArchive archive, IUploadRequeue requeue) : Screen
{
    public CustomsRequest Shown { get; private set; } = null!;

    public IReadOnlyList<TimelineStep> Steps { get; private set; } = [];

    public Envelope? Envelope { get; private set; }

    public IReadOnlyList<UploadAttempt> Attempts { get; private set; } = [];

    /// <summary>The payment that was signed, or the one that counts for the order now.</summary>
    public PaymentRecord? Payment { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id)
    {
        var stop = HttpContext.RequestAborted;
        if (await requests.FindAsync(id, stop) is not { } request)
        {
            return Missing();
        }

        Shown = request;
        Attempts = await requests.AttemptsAsync(id, stop);
        Steps = Timeline.Of(Say, await requests.EventsAsync(id, stop), Attempts);
        Envelope = await requests.EnvelopeAsync(id, stop);
        Payment = Envelope is { } signed
            ? await archive.FindAsync(signed.PaymentId, signed.PaymentVersion, stop)
            : (await archive.FindForOrderAsync(request.OrderNo, request.Merchant, stop)) is { InSeveralMerchants: false } found ? found.Payment : null;
        return Page();
    }

    /// <summary>Retries this request.</summary>
    [Operation("重试", "Retry", "id")]
    public async Task<IActionResult> OnPostRetryAsync(long id)
    {
        var answer = await requeue.RequeueAsync(id, Visitor.Name, Words.Of("在请求详情页面重试", "Retried on the screen of the request"));
        Tell(answer.Requeued, answer.Sentence);
        return LocalRedirect(Url.Page("/Requests/Detail", new { id })!);
    }

    /// <summary>The payload that was signed, for a screen.</summary>
    public MaskedMessage Payload => MaskedMessage.Of(Envelope!.Payload);

    private LocalRedirectResult Missing()
    {
        Tell(good: false, Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"));
        return LocalRedirect(Url.Page("/Requests/Index")!);
    }
}
