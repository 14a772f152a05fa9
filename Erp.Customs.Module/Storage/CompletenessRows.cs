namespace Erp.Customs.Module.Storage;

/// <summary>What of the records is incomplete (snake_case in the table).</summary>
internal enum CompletenessKind
{
    /// <summary>有订单无支付记录: the ERP has a paid order, and no payment of it is stored.</summary>
    OrderWithoutPayment,

    /// <summary>有请求无结果: customs' deadline is over, and customs have neither taken nor refused an answer.</summary>
    RequestWithoutOutcome,

    /// <summary>有去无回: something was sent or came in, and nothing stands against it.</summary>
    ExchangeWithoutCounterpart,
}

/// <summary>Something that is incomplete.</summary>
/// <param name="Kind">What is missing.</param>
/// <param name="Reference">Of its kind: the order with its merchant, or the record.</param>
/// <param name="Merchant">Whose; <see langword="null"/> while unknown.</param>
/// <param name="OrderNo">The order, where there is one.</param>
/// <param name="Since">When it was paid, due or begun.</param>
internal sealed record Incomplete(CompletenessKind Kind, string Reference, string? Merchant, string? OrderNo, DateTimeOffset Since);

/// <summary>A finding of the reconciliation.</summary>
/// <param name="Id">Its number.</param>
/// <param name="What">What is incomplete.</param>
/// <param name="FoundAt">When it was found, and people were told.</param>
internal sealed record CompletenessFinding(long Id, Incomplete What, DateTimeOffset FoundAt);

/// <summary>A run of the reconciliation.</summary>
/// <param name="Id">Its number.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs, or when it was broken off.</param>
/// <param name="From">It asked for orders paid then.</param>
/// <param name="Until">And before then.</param>
/// <param name="Orders">How many the ERP named; <see langword="null"/> when it could not be asked.</param>
/// <param name="Problem">Why not, <c>中文 | English</c>; empty when it could.</param>
/// <param name="Fresh">Found for the first time.</param>
/// <param name="Standing">Found and not settled.</param>
internal sealed record CompletenessRun(
    long Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, DateTimeOffset From, DateTimeOffset Until, long? Orders, string Problem, long Fresh, long Standing);

/// <summary>A row of <c>completeness_run</c>.</summary>
internal sealed class CompletenessRunRow
{
    public long Id { get; set; }
    public long StartedAt { get; set; }
    public long? EndedAt { get; set; }
    public long CoversFrom { get; set; }
    public long CoversTo { get; set; }
    public long? Orders { get; set; }
    public string Problem { get; set; } = "";
    public long Fresh { get; set; }
    public long Standing { get; set; }

    public CompletenessRun Read() => new(
        Id, StoredTime.Read(StartedAt), StoredTime.Read(EndedAt), StoredTime.Read(CoversFrom), StoredTime.Read(CoversTo), Orders, Problem, Fresh, Standing);
}

/// <summary>A row of <c>completeness_finding</c>, or of what may become one.</summary>
internal sealed class IncompleteRow
{
    public long Id { get; set; }
    public string Kind { get; set; } = "";
    public string Reference { get; set; } = "";
    public string? Merchant { get; set; }
    public string? OrderNo { get; set; }
    public long Since { get; set; }
    public long FoundAt { get; set; }

    public Incomplete Read() => new(EnumWords<CompletenessKind>.Parse(Kind), Reference, Merchant, OrderNo, StoredTime.Read(Since));
}
