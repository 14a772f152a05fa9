using System.Text;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// Makes the signed message of a request: check, render head and lists once, sign, verify, put sign text and payload together from the same characters.
/// </summary>
internal sealed class EnvelopeMaker(IPayExchangeRenderer renderer, SignerGate gate, CustomsOptions options, CustomsMetrics metrics, TimeProvider time)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes it.</summary>
    /// <exception cref="UploadFailure">One of the steps failed.</exception>
    public async Task<Envelope> MakeAsync(CustomsRequest request, PaymentRecord payment, MerchantOptions merchant, CancellationToken cancellationToken)
    {
        var rendered = metrics.Step("render", request.OrderNo, request.SessionId, () => Render(request, payment, merchant));
        var signature = await metrics.StepAsync("sign", request.OrderNo, request.SessionId, () => SignAsync(request, rendered, merchant, cancellationToken));
        var signText = SignText.Compose(request.SessionId, rendered.Head, rendered.Lists, signature.ServiceTime);
        var check = SignatureCheck.Verify(signText, signature, time.GetUtcNow());
        if (!check.Ok)
        {
            throw UploadFailure.NeedsPerson(FailureClass.SignerConfiguration, Words.Of($"本地验签未通过：{check.Sentence}", $"The local check of the signature failed: {check.Sentence}"));
        }

        var payload = PayExInfoStr.Compose(
            request.SessionId, rendered.Head, rendered.Lists, signature.ServiceTime, signature.CertNo, signature.SignValue, options.ServiceTimeAsNumber);
        return new Envelope(
            request.Id, payment.Id, payment.Version, Utf8.GetBytes(payload), Utf8.GetBytes(signText), signature.ServiceTime,
            signature.CertNo, signature.SignValue, signature.Certificate, check.Scheme, rendered.Renderer, time.GetUtcNow())
        {
            PayCode = payment.Facts.PayCode,
        };
    }

    private RenderedExchange Render(CustomsRequest request, PaymentRecord payment, MerchantOptions merchant)
    {
        if (!payment.InitialRequest.IsWhole || !payment.InitialResponse.IsWhole)
        {
            // What was altered in the database is no longer what was exchanged: it is never signed.
            throw UploadFailure.NeedsPerson(FailureClass.Data, Words.Of("存证的原始报文与入库时的 SHA-256 不符", "The stored raw exchange no longer has the SHA-256 that it arrived with"));
        }

        var draft = PayExchangeDraft.From(merchant, payment, Guid.NewGuid());
        if (draft.Violations.Count > 0)
        {
            var zh = string.Join("；", draft.Violations.Select(violation => $"{violation.Field}: {violation.Sentence}"));
            var en = string.Join("; ", draft.Violations.Select(violation => $"{violation.Field}: {violation.SentenceEn}"));
            throw UploadFailure.NeedsPerson(FailureClass.Data, Words.Of($"支付数据不符合海关字段规则：{zh}", $"The payment breaks customs' field rules: {en}"));
        }

        if (draft.Exchange.Lists.All(order => order.OrderNo != request.OrderNo))
        {
            throw new InvalidOperationException("A payment was found for an order that it does not hold.");
        }

        try
        {
            return renderer.Render(draft.Exchange);
        }
        catch (RenderingException problem)
        {
            throw UploadFailure.NeedsPerson(FailureClass.Template, Words.Of($"模板有误：{Words.In(problem.Sentence, english: false)}", $"The template is wrong: {problem.Message}"));
        }
    }

    private async Task<Signature> SignAsync(CustomsRequest request, RenderedExchange rendered, MerchantOptions merchant, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.SignAsync(
                merchant.Name, new SigningRequest(request.SessionId, rendered.Head, rendered.Lists, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
        }
        catch (SignerException problem)
        {
            throw problem.Failure switch
            {
                SignerFailure.Transient => new UploadFailure(UploadEvent.SignerAway, FailureClass.SignerTransient, problem.Message),
                SignerFailure.Pin => new UploadFailure(UploadEvent.SignerAway, FailureClass.SignerPin, problem.Message),
                _ => UploadFailure.NeedsPerson(FailureClass.SignerConfiguration, problem.Message),
            };
        }
    }
}
