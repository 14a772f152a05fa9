namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>A column of content, with its sum beside it in <c>&lt;name&gt;_sha256</c>. What has much in common is kept together in the column of the first of it, and the others' own columns are empty.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Key">The column that names the row.</param>
/// <param name="Name">The column.</param>
internal sealed record ContentColumn(string Table, string Key, string Name)
{
    /// <summary>What is kept together in <c>payment.request</c>: the exchange and the facts that came with it.</summary>
    public const int ResponsePart = 1;

    /// <inheritdoc cref="ResponsePart"/>
    public const int FactsPart = 2;

    /// <summary>What is kept together in <c>envelope.payload</c>.</summary>
    public const int SignTextPart = 1;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ContentColumn> All { get; } =
    [
        new("payment", "id", "request"),
        new("payment", "id", "response") { Together = "s.request", Part = ResponsePart },
        new("payment_version", "id", "facts") { Together = "(SELECT p.request FROM payment p WHERE p.id = s.payment_id)", Part = FactsPart },
        new("customs_request", "id", "openreq"),
        new("envelope", "request_id", "payload"),
        new("envelope", "request_id", "sign_text") { Together = "s.payload", Part = SignTextPart },
        new("replaced_envelope", "id", "payload"),
        new("replaced_envelope", "id", "sign_text") { Together = "s.payload", Part = SignTextPart },
        new("upload_attempt", "id", "reply"),
        new("bridge_order", "id", "content"),
        new("bridge_exchange", "id", "request"),
        new("bridge_exchange", "id", "reply"),
        new("captured_message", "id", "content"),
    ];

    /// <summary>Where it is kept when its own column is empty, of the table as <c>s</c>; <see langword="null"/> where it is never kept with anything.</summary>
    public string? Together { get; init; }

    /// <summary>Which part of that it is.</summary>
    public int Part { get; init; }

    /// <summary>The column of a table; <see langword="null"/> when it is no content.</summary>
    public static ContentColumn? Find(string table, string name) => All.FirstOrDefault(column => column.Table == table && column.Name == name);
}
