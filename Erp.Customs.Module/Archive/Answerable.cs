using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive;

/// <summary>Whether customs could be answered from a stored payment, whatever signs it.</summary>
internal sealed class Answerable(CustomsOptions options)
{
    /// <summary>All that stands against it, in both languages; empty when nothing does.</summary>
    public IReadOnlyList<string> Violations(PaymentRecord payment)
    {
        if (!options.Merchants.TryGetValue(payment.Merchant, out var merchant))
        {
            return [Words.Of($"商户 {payment.Merchant} 已不在 Customs:Merchants 设置中", $"Merchant {payment.Merchant} is no longer in the settings under Customs:Merchants")];
        }

        if (!payment.InitialRequest.IsWhole || !payment.InitialResponse.IsWhole)
        {
            return [Words.Of("原始报文与入库时的 SHA-256 不符，不能上报", "The raw exchange is not what arrived (SHA-256): it is not signed")];
        }

        return [.. PayExchangeDraft.From(merchant, payment, Guid.Empty).Violations
            .Select(violation => Words.Of($"{violation.Field}: {violation.Sentence}", $"{violation.Field}: {violation.SentenceEn}"))];
    }
}
