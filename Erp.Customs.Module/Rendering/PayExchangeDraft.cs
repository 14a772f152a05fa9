using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Rendering;

/// <summary>Puts together what customs would get from a payment, and says all that stands against it.</summary>
/// <param name="Exchange">What would be rendered; usable only without violations.</param>
/// <param name="Violations">Every field rule that it breaks.</param>
internal sealed record PayExchangeDraft(PayExchange Exchange, IReadOnlyList<FieldViolation> Violations)
{
    /// <summary>Drafts a payment for a merchant.</summary>
    /// <param name="merchant">Gives ebpCode and the policy for the copy that is sent.</param>
    /// <param name="payTransactionId">交易流水号.</param>
    /// <param name="request">原始请求.</param>
    /// <param name="response">原始响应.</param>
    /// <param name="facts">Everything else.</param>
    /// <param name="guid">系统唯一序号 of this envelope; written in upper case.</param>
    public static PayExchangeDraft From(
        MerchantOptions merchant, string payTransactionId, RawMessage request, RawMessage response, PaymentFacts facts, Guid guid)
    {
        var violations = new List<FieldViolation>();
        var head = new PayExchangeHead(
            guid.ToString("D").ToUpperInvariant(),
            Copy(request, "payExchangeInfoHead.initalRequest", merchant.RawPolicy, violations),
            Copy(response, "payExchangeInfoHead.initalResponse", merchant.RawPolicy, violations),
            merchant.EbpCode,
            facts.PayCode,
            payTransactionId,
            facts.TotalAmount,
            facts.Currency,
            facts.VerDept,
            facts.PayType,
            ChinaTime.ToCustoms(facts.TradingTime),
            facts.Note);
        var lists = facts.Orders.Select(order => new PayExchangeOrder(
            order.OrderNo,
            order.Goods.Select(goods => new PayExchangeGoods(goods.GName, goods.ItemLink)).ToList(),
            order.RecpAccount,
            order.RecpCode,
            order.RecpName)).ToList();
        var exchange = new PayExchange(head, lists);
        var undecoded = violations.Select(violation => violation.Field).ToHashSet(StringComparer.Ordinal);
        violations.AddRange(PayExchangeRules.Check(exchange).Where(violation => !undecoded.Contains(violation.Field)));
        return new PayExchangeDraft(exchange, violations);
    }

    /// <summary>Drafts a stored payment.</summary>
    public static PayExchangeDraft From(MerchantOptions merchant, PaymentRecord payment, Guid guid) =>
        From(merchant, payment.PayTransactionId, AsReceived(payment.InitialRequest), AsReceived(payment.InitialResponse), payment.Facts, guid);

    private static RawMessage AsReceived(StoredMessage message) => new(message.Bytes, message.Charset);

    private static string Copy(RawMessage message, string field, RawPolicy policy, List<FieldViolation> violations)
    {
        if (RawText.TryDecode(message.Bytes.Span, message.Charset, out var text, out var problem))
        {
            return RawCopy.Apply(text, policy);
        }

        violations.Add(new FieldViolation(field, problem.Sentence, problem.SentenceEn));
        return "";
    }
}
