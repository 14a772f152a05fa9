namespace Erp.Customs.Reliability.World;

/// <summary>What is sealed, as docs/evidence.md tells strangers: written down here again, so that it is checked by somebody who does not share the product's code.</summary>
/// <param name="Name">The table.</param>
/// <param name="Kind">As in <c>evidence</c>.</param>
/// <param name="Columns">What is hashed, in this order; the first is the record's key.</param>
internal sealed record SealedTable(string Name, string Kind, string[] Columns)
{
    private static readonly string[] s_envelope =
    [
        "request_id", "payment_id", "payment_version", "payload", "payload_sha256", "sign_text", "sign_text_sha256", "service_time", "cert_no", "sign_value", "certificate", "scheme", "renderer",
        "created_at",
    ];

    public static IReadOnlyList<SealedTable> All { get; } =
    [
        new("payment", "payment", ["id", "merchant", "pay_transaction_id", "request", "request_charset", "request_sha256", "response", "response_charset", "response_sha256", "received_at"]),
        new("payment_version", "payment_version", ["id", "payment_id", "version", "facts", "facts_sha256", "trading_at", "created_at", "created_by"]),
        new("customs_request", "customs_request", ["id", "session_id", "order_no", "purpose", "service_time", "openreq", "openreq_sha256", "received_at", "deadline", "answer"]),
        new("request_event", "request_event", ["id", "request_id", "occurred_at", "state", "failure", "reason", "attempt", "actor"]),
        new("envelope", "envelope", s_envelope),
        new("replaced_envelope", "envelope", s_envelope),
        new("upload_attempt", "upload_attempt", ["id", "request_id", "number", "started_at", "ended_at", "arrival", "http_status", "reply", "reply_sha256", "customs_code", "customs_message", "error"])
        {
            Ready = "ended_at IS NOT NULL",
        },
        new("bridge_exchange", "bridge_exchange", ["id", "order_id", "kind", "started_at", "ended_at", "arrival", "http_status", "request", "request_sha256", "reply", "reply_sha256", "code", "error"])
        {
            Ready = "ended_at IS NOT NULL",
        },
        new("captured_message", "captured_message", ["id", "message_id", "merchant", "trade_no", "kind", "content", "content_sha256", "size", "charset", "origin", "captured_at", "stored_at"]),
        new("erasure", "erasure", ["id", "erased_at", "cutoff", "numbers"]),
        new("clear_access", "clear_access", ["id", "accessed_at", "reader", "reason", "order_no", "merchant", "kind"]),
        new("legal_hold", "legal_hold", ["id", "placed_at", "placed_by", "owner", "reason", "merchant", "order_no", "from_time", "until_time"]),
        new("legal_hold_lift", "legal_hold_lift", ["id", "hold_id", "lifted_at", "lifted_by", "reason"]),
        new("order_end", "order_end", ["id", "merchant", "order_no", "kind", "ended_at", "told_at", "told_by"]),
    ];

    /// <summary>Which of its rows can be sealed.</summary>
    public string Ready { get; init; } = "1 = 1";

    /// <summary>The column that names a record.</summary>
    public string Key => Columns[0];
}
