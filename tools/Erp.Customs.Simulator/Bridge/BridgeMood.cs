using System.Text.Json.Serialization;

namespace Erp.Customs.Simulator;

/// <summary>What a <see cref="BridgeMood"/> does to a call.</summary>
[JsonConverter(typeof(BridgeMoodKindConverter))]
public enum BridgeMoodKind
{
    /// <summary>Answers <see cref="BridgeMood.Code"/> and does nothing else.</summary>
    Code,

    /// <summary>Does its work and cuts the connection: the caller does not learn it, and a second push is answered 9905.</summary>
    CutAfter,

    /// <summary>Cuts the connection and does nothing.</summary>
    CutBefore,

    /// <summary>Does its work and answers after <see cref="BridgeMood.DelayMs"/>.</summary>
    Late,

    /// <summary>Answers HTTP <see cref="BridgeMood.Status"/> with a page.</summary>
    Status,

    /// <summary>Answers something that is not JSON, with <see cref="BridgeMood.Message"/> in it.</summary>
    Garbage,

    /// <summary>Answers 307 to another address.</summary>
    Redirect,

    /// <summary>GetOrder: paid and declared, but 已撤销 (10).</summary>
    Revoked,

    /// <summary>GetOrder: 已支付 已报关, the plus having become a blank.</summary>
    BlankForPlus,

    /// <summary>GetOrder: paid and declared, but at a time that nobody can read.</summary>
    NoPayTime,

    /// <summary>Pads names and values with blanks, as the document's samples do.</summary>
    Padded,

    /// <summary>GetOrder: not paid; CustomsMsg is <see cref="BridgeMood.Message"/>, e.g. a declaration code with its words.</summary>
    CustomsMsg,

    /// <summary>As <see cref="CustomsMsg"/>, in PaymentMsg.</summary>
    PaymentMsg,

    /// <summary>Answers about another order.</summary>
    OtherOrder,
}

/// <summary>How the bridge treats the calls about an order, a number of times.</summary>
public sealed record BridgeMood
{
    /// <summary>What it does.</summary>
    public required BridgeMoodKind Kind { get; init; }

    /// <summary><c>push</c> or <c>get</c>: which calls. The default value is push for what both know, get for what only GetOrder can do.</summary>
    public string? Call { get; init; }

    /// <summary>The only order it concerns, or <see langword="null"/> for every one.</summary>
    public string? OrderNo { get; init; }

    /// <summary>How many calls it meets. The default value is 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>ReturnCode of <see cref="BridgeMoodKind.Code"/>.</summary>
    public string Code { get; init; } = "9910";

    /// <summary>ReturnMsg beside it, or the message of <see cref="BridgeMoodKind.CustomsMsg"/>, <see cref="BridgeMoodKind.PaymentMsg"/> and <see cref="BridgeMoodKind.Garbage"/>; empty for the document's words.</summary>
    public string Message { get; init; } = "";

    /// <summary>For <see cref="BridgeMoodKind.Late"/>, in milliseconds. The default value is 0.</summary>
    public int DelayMs { get; init; }

    /// <summary>For <see cref="BridgeMoodKind.Status"/>. The default value is 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Whether it concerns GetOrder.</summary>
    internal bool IsGet => Call is null
        ? Kind is BridgeMoodKind.Revoked or BridgeMoodKind.BlankForPlus or BridgeMoodKind.NoPayTime or BridgeMoodKind.CustomsMsg or BridgeMoodKind.PaymentMsg
        : Call == "get";

    /// <summary>Why it cannot be set, or <see langword="null"/>.</summary>
    internal string? Problem() =>
        !Enum.IsDefined(Kind) ? "kind is no mood of the bridge."
        : Call is not (null or "push" or "get") ? "call is push or get."
        : Times < 1 ? "times is at least 1."
        : DelayMs is < 0 or > 600_000 ? "delayMs is between 0 and 600000."
        : Status is < 400 or > 599 ? "status is between 400 and 599."
        : Code is null || Message is null ? "code and message are texts."
        : null;
}

/// <summary>Kinds are words in camelCase in JSON, never numbers.</summary>
internal sealed class BridgeMoodKindConverter() : JsonStringEnumConverter<BridgeMoodKind>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
