using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// A kind of record that is sealed, and the columns of it that never change: these are hashed, by these names and in this order, so nothing here may be changed once it is released.
/// docs/evidence.md lists them for strangers.
/// </summary>
/// <param name="Name">In <c>evidence.kind</c>.</param>
/// <param name="Table">Where its records stand.</param>
/// <param name="ArrivedAt">The column that tells since when it could be sealed.</param>
/// <param name="Columns">What is hashed.</param>
internal sealed record SealedKind(string Name, string Table, string ArrivedAt, string[] Columns)
{
    /// <summary>The kind of <c>payment_version</c>: its facts have the amounts.</summary>
    public const string PaymentVersion = "payment_version";

    /// <summary>The kind of <c>erasure</c>.</summary>
    public const string Erasure = "erasure";

    /// <summary>The kind of <c>payment</c>.</summary>
    public const string Payment = "payment";

    /// <summary>The kind of <c>customs_request</c>.</summary>
    public const string Request = "customs_request";

    /// <summary>The kind of <c>captured_message</c>.</summary>
    public const string Capture = "captured_message";

    /// <summary>The kind of <c>order_end</c>.</summary>
    public const string OrderEnd = "order_end";

    /// <summary>What <see cref="Owner"/> says of what an order at the bridge takes along.</summary>
    public const string BridgeOrder = "bridge_order";

    private static readonly string[] s_envelope =
    [
        "request_id", "payment_id", "payment_version", "payload", "payload_sha256", "sign_text", "sign_text_sha256", "service_time", "cert_no", "sign_value", "certificate", "scheme", "renderer",
        "created_at",
    ];

    /// <summary>In the order in which they are sealed. Envelopes stand in two tables: what a person has had replaced is the same record.</summary>
    public static IReadOnlyList<SealedKind> All { get; } =
    [
        new(Payment, "payment", "received_at",
        [
            "id", "merchant", "pay_transaction_id", "request", "request_charset", "request_sha256", "response", "response_charset", "response_sha256", "received_at",
        ]),
        new(PaymentVersion, "payment_version", "created_at", ["id", "payment_id", "version", "facts", "facts_sha256", "trading_at", "created_at", "created_by"])
        {
            Owner = (Payment, "payment_id"),
        },
        new(Request, "customs_request", "received_at", ["id", "session_id", "order_no", "purpose", "service_time", "openreq", "openreq_sha256", "received_at", "deadline", "answer"]),
        new("request_event", "request_event", "occurred_at", ["id", "request_id", "occurred_at", "state", "failure", "reason", "attempt", "actor"])
        {
            Owner = (Request, "request_id"),
        },
        new("envelope", "envelope", "created_at", s_envelope)
        {
            Key = "request_id",
            Number = "(1 + (SELECT COUNT(*) FROM replaced_envelope r WHERE r.request_id = s.request_id))",
            ByEvents = true,
            Owner = (Request, "request_id"),
        },
        new("envelope", "replaced_envelope", "created_at", s_envelope)
        {
            Key = "request_id",
            Number = "s.number",
            ByEvents = true,
            Owner = (Request, "request_id"),
        },
        new("upload_attempt", "upload_attempt", "ended_at",
        [
            "id", "request_id", "number", "started_at", "ended_at", "arrival", "http_status", "reply", "reply_sha256", "customs_code", "customs_message", "error",
        ])
        {
            Ready = "s.ended_at IS NOT NULL",
            ByEvents = true,
            Owner = (Request, "request_id"),
        },
        new("bridge_exchange", "bridge_exchange", "ended_at",
        [
            "id", "order_id", "kind", "started_at", "ended_at", "arrival", "http_status", "request", "request_sha256", "reply", "reply_sha256", "code", "error",
        ])
        {
            Ready = "s.ended_at IS NOT NULL",
            Owner = (BridgeOrder, "order_id"),
        },
        new(Capture, "captured_message", "stored_at",
        [
            "id", "message_id", "merchant", "trade_no", "kind", "content", "content_sha256", "size", "charset", "origin", "captured_at", "stored_at",
        ])
        {
            Owner = (Payment, "payment_id"),
        },
        new(Erasure, "erasure", "erased_at", ["id", "erased_at", "cutoff", "numbers"]),
        new("clear_access", "clear_access", "accessed_at", ["id", "accessed_at", "reader", "reason", "order_no", "merchant", "kind"]),
        new("legal_hold", "legal_hold", "placed_at", ["id", "placed_at", "placed_by", "owner", "reason", "merchant", "order_no", "from_time", "until_time"]),
        new("legal_hold_lift", "legal_hold_lift", "lifted_at", ["id", "hold_id", "lifted_at", "lifted_by", "reason"]),
        new(OrderEnd, "order_end", "told_at", ["id", "merchant", "order_no", "kind", "ended_at", "told_at", "told_by"]),
    ];

    /// <summary>Those of the columns that are content: where they stand in <see cref="Columns"/>.</summary>
    public IReadOnlyList<(int Index, ContentColumn Column)> Content { get; } =
        [.. Columns.Select((name, index) => (index, ContentColumn.Find(Table, name))).Where(one => one.Item2 is not null).Select(one => (one.index, one.Item2!))];

    /// <summary>Where content of these columns may be kept together, each once.</summary>
    public string[] KeptTogether { get; } = [.. Columns.Select(name => ContentColumn.Find(Table, name)?.Together).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>The column whose value is <c>evidence.record_id</c>.</summary>
    public string Key { get; init; } = "id";

    /// <summary>What is <c>evidence.record_no</c>, of the table as <c>s</c>.</summary>
    public string Number { get; init; } = "0";

    /// <summary>Which records can be sealed: the others still change.</summary>
    public string Ready { get; init; } = "1 = 1";

    /// <summary>Its keys do not grow with time, but each change of it comes with an event of its request, and those do.</summary>
    public bool ByEvents { get; init; }

    /// <summary>The kind that takes it along when it is erased, and the column that names it; <see langword="null"/> for one that goes by itself.</summary>
    public (string Kind, string Column)? Owner { get; init; }

    /// <summary>Where new ones are looked for.</summary>
    public string Source => ByEvents ? $"request_event v JOIN {Table} s ON s.request_id = v.request_id" : $"{Table} s";

    /// <summary>What grows with every new one.</summary>
    public string Cursor => ByEvents ? "v.id" : "s.id";

    /// <summary>The table whose ids are <see cref="Cursor"/>.</summary>
    public string CursorTable => ByEvents ? "request_event" : Table;

    /// <summary>A record may become ready long after its id was given, without anything that tells it.</summary>
    public bool BecomesReadyLater => Ready != "1 = 1" && !ByEvents;
}
