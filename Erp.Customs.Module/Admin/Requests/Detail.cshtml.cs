using System.Text;
using Erp.Customs.Module.Admin.Dashboard;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>One request of customs: its way, what was signed and sent, what came back, the payment behind it with its raw messages masked. Has an address of its own, and is shown in the drawer of the list.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class RequestDetailModel(RequestTable requests, PaymentArchive archive, IUploadRequeue requeue, RequestMarks marks) : Screen
{
    public CustomsRequest Shown { get; private set; } = null!;

    /// <summary>海关请求 → 取数 → 渲染 → 签名 → 上报 → 回执.</summary>
    public IReadOnlyList<WayStep> Way { get; private set; } = [];

    public IReadOnlyList<TimelineStep> Steps { get; private set; } = [];

    public Envelope? Envelope { get; private set; }

    /// <summary>What our own check of the signature says now; <see langword="null"/> where its texts cannot be read.</summary>
    public SignatureCheckResult? Check { get; private set; }

    public IReadOnlyList<UploadAttempt> Attempts { get; private set; } = [];

    /// <summary>The payment that was signed, or the one that counts for the order now.</summary>
    public PaymentRecord? Payment { get; private set; }

    /// <summary>Whether it can be ignored.</summary>
    public bool CanBeIgnored => Shown is { Ignored: null, NextAttemptAt: null } && RequestStates.Failed.Contains(Shown.State);

    /// <summary>The payload that was signed, for a screen.</summary>
    public MaskedMessage Payload => MaskedMessage.Of(Envelope!.Payload);

    /// <summary>The same on one line, as it is sent.</summary>
    public string? RawPayload => MaskedText.Json(Encoding.UTF8.GetString(Envelope!.Payload));

    /// <summary>加签原文.</summary>
    public string? SignedText => MaskedText.SignText(Encoding.UTF8.GetString(Envelope!.SignText));

    /// <summary>Where its job is seen: the job engine's own screen where this build has one, else our list of what failed.</summary>
    public (string Address, string Title) Jobs => JobsScreen.Menu(Options.BasePath, Options.JobEngine).FirstOrDefault() is { } screen
        ? (screen.Path + FilterText.Query([("order", Shown.OrderNo)]) + "&state=", Say["后台任务", "Its job"])
        : (Url.Page("/Requests/Index", new { state = RequestFilter.FailedState })!, Say["失败任务", "What failed"]);

    public async Task<IActionResult> OnGetAsync(long id)
    {
        var stop = HttpContext.RequestAborted;
        if (await requests.FindAsync(id, stop) is not { } request)
        {
            return Missing();
        }

        Shown = request;
        Attempts = await requests.AttemptsAsync(id, stop);
        Envelope = await requests.EnvelopeAsync(id, stop);
        var events = await requests.EventsAsync(id, stop);
        Steps = Timeline.Of(Say, events, Attempts);
        Way = RequestWay.Of(request, events, Attempts, Envelope);
        Check = Envelope is { Unreadable: null } readable
            ? SignatureCheck.Verify(Encoding.UTF8.GetString(readable.SignText), new Signature(readable.ServiceTime, readable.CertNo, readable.SignValue, readable.Certificate), readable.CreatedAt)
            : null;
        Payment = Envelope is { } signed
            ? await archive.FindAsync(signed.PaymentId, signed.PaymentVersion, stop)
            : (await archive.FindForOrderAsync(request.OrderNo, request.Merchant, stop)) is { InSeveralMerchants: false } found ? found.Payment : null;
        return Page();
    }

    /// <summary>Retries this request.</summary>
    [Operation("重试", "Retry", "id")]
    public async Task<IActionResult> OnPostRetryAsync(long id)
    {
        var answer = await requeue.RequeueAsync(id, Visitor.Name, Words.Of("在请求详情页面重试", "Retried on the screen of the request"), SeenAt);
        Tell(answer.Requeued, await WithChangeAsync(id, answer.Requeued, answer.Sentence));
        return LocalRedirect(Url.Page("/Requests/Detail", new { id })!);
    }

    /// <summary>忽略并说明.</summary>
    [Operation("忽略", "Ignore", "id")]
    public async Task<IActionResult> OnPostIgnoreAsync(long id, string? reason)
    {
        var (good, sentence) = RequestMarks.WhyNot(reason) is { } problem ? (false, problem) : await marks.IgnoreAsync([id], reason!, Visitor.Name);
        Tell(good, await WithChangeAsync(id, good, sentence));
        return LocalRedirect(Url.Page("/Requests/Detail", new { id })!);
    }

    /// <summary>恢复.</summary>
    [Operation("取消忽略", "Take back", "id")]
    public async Task<IActionResult> OnPostHeedAsync(long id)
    {
        var (good, sentence) = await marks.HeedAsync([id], Visitor.Name);
        Tell(good, sentence);
        return LocalRedirect(Url.Page("/Requests/Detail", new { id })!);
    }

    /// <summary>Where nothing was done because it has moved on since the user saw it, that is said too.</summary>
    private async Task<string> WithChangeAsync(long id, bool done, string sentence)
    {
        var saw = Request.Form["state"].ToString();
        if (done || saw.Length == 0 || await requests.FindAsync(id, HttpContext.RequestAborted) is not { } now || RequestStates.Word(now.State) == saw)
        {
            return sentence;
        }

        var title = RequestStates.Title(now.State);
        return Words.All([Words.Of($"您打开页面后状态已变为“{Words.In(title, english: false)}”，以下为最新情况", $"It has moved to \"{Words.In(title, english: true)}\" since you opened the page; what follows is how it stands now"), sentence]);
    }

    private LocalRedirectResult Missing()
    {
        Tell(good: false, Words.Of("没有这条海关请求，可能已超过留存期", "There is no such request; it may be past its term"));
        return LocalRedirect(Url.Page("/Requests/Index")!);
    }
}
