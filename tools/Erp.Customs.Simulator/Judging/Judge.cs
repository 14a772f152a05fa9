using System.Text;
using System.Text.Json;

namespace Erp.Customs.Simulator.Judging;

/// <summary>
/// Whether customs would take an upload. The order of the questions is the known one where it is known: a registered certificate (20004), then the
/// signature, and only then whether the session was used, which the <see cref="CustomsLog"/> answers while it writes.
/// </summary>
internal sealed class Judge(CustomsRegister register, CustomsLog log, bool acceptUnasked)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Judges one payload.</summary>
    /// <param name="payload">The bytes of payExInfoStr after form decoding.</param>
    public Judgement Decide(ReadOnlyMemory<byte> payload)
    {
        if (ReadText(payload.Span) is null)
        {
            return Judgement.Refuse(new Refusal(ReplyCodes.Form, "payExInfoStr不是有效的UTF-8"), PayloadFacts.None);
        }

        RawJson root;
        try
        {
            root = RawJson.Parse(payload);
        }
        catch (JsonException)
        {
            return Judgement.Refuse(new Refusal(ReplyCodes.Json, "payExInfoStr不是合法的JSON"), PayloadFacts.None);
        }

        var facts = PayloadFacts.Of(root);
        var refusal = PayloadRules.Check(root) ?? CheckSignature(root, facts) ?? CheckSession(facts);
        return refusal is null ? Judgement.Accept(facts, Remarks(root)) : Judgement.Refuse(refusal, facts);
    }

    /// <summary>The characters of a payload, or <see langword="null"/> when it is not UTF-8.</summary>
    public static string? ReadText(ReadOnlySpan<byte> payload)
    {
        try
        {
            return StrictUtf8.GetString(payload);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Remarks(RawJson root) =>
        FieldRules.IsWholeWithPointZero(root["payExchangeInfoHead"]["totalAmount"].Text!) ? ["交易金额（totalAmount）末尾的.0应截去"] : [];

    private Refusal? CheckSignature(RawJson root, PayloadFacts facts)
    {
        var key = register.Find(facts.CertNo!, facts.EbpCode!);
        return key is null ? new Refusal(ReplyCodes.CertificateNotRegistered, "企业实时数据获取验签证书未在服务系统注册")
            : !key.Verify(SignText.Cut(root), root["signValue"].Text!) ? new Refusal(ReplyCodes.Signature, "验签失败：签名结果值（signValue）与加签原文不符")
            : null;
    }

    private Refusal? CheckSession(PayloadFacts facts)
    {
        var asked = log.FindSession(facts.SessionId!)?.OrderNo;
        if (asked is null && !acceptUnasked)
        {
            return new Refusal(ReplyCodes.SessionUnknown, "会话ID（sessionID）不存在");
        }

        if (asked is not null && !facts.OrderNos.Contains(asked, StringComparer.Ordinal))
        {
            return new Refusal(ReplyCodes.OrderNotAnswered, "所查询的订单编号（orderNo）不在支付原始数据表体中");
        }

        return register.FindOrders(facts.PayTransactionId!) is { } expected && !expected.SetEquals(facts.OrderNos)
            ? new Refusal(ReplyCodes.OrdersIncomplete, "订单编号（orderNo）与原始支付的全部订单不一致")
            : null;
    }
}

/// <summary>What the judge found.</summary>
/// <param name="Accepted">Whether every rule is kept.</param>
/// <param name="Code">One of <see cref="ReplyCodes"/>.</param>
/// <param name="Message">In Chinese.</param>
/// <param name="Facts">What could be read of the payload.</param>
/// <param name="Remarks">What was tolerated, in Chinese.</param>
internal sealed record Judgement(bool Accepted, string Code, string Message, PayloadFacts Facts, IReadOnlyList<string> Remarks)
{
    /// <summary>Every rule is kept.</summary>
    public static Judgement Accept(PayloadFacts facts, IReadOnlyList<string> remarks) => new(true, ReplyCodes.Accepted, "上传成功", facts, remarks);

    /// <summary>A rule is broken.</summary>
    public static Judgement Refuse(Refusal refusal, PayloadFacts facts) => new(false, refusal.Code, refusal.Message, facts, []);
}

/// <summary>What could be read of a payload, well-formed or not; <see langword="null"/> and empty where nothing could.</summary>
internal sealed record PayloadFacts(string? SessionId, string? EbpCode, string? CertNo, string? PayTransactionId, IReadOnlyList<string> OrderNos)
{
    /// <summary>Nothing could be read.</summary>
    public static PayloadFacts None { get; } = new(null, null, null, null, []);

    /// <summary>Reads what is there, for the log and the page.</summary>
    public static PayloadFacts Of(RawJson root) => new(
        Text(root, "sessionID"),
        Text(Member(root, "payExchangeInfoHead"), "ebpCode"),
        Text(root, "certNo"),
        Text(Member(root, "payExchangeInfoHead"), "payTransactionId"),
        [.. (Member(root, "payExchangeInfoLists")?.Items ?? []).Select(order => Text(order, "orderNo")).OfType<string>()]);

    private static RawJson? Member(RawJson? owner, string name) =>
        owner?.Members.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.Ordinal)).Value;

    private static string? Text(RawJson? owner, string name) => Member(owner, name) is { Type: JsonTokenType.String, Text: var text } ? text : null;
}
