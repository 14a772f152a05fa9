using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of who saw personal data in clear. Rows are added and read, never changed.</summary>
internal sealed class ClearAccessTable(CustomsDatabase database)
{
    /// <summary>Adds one.</summary>
    public Task AddAsync(ClearAccessEntry entry) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "INSERT INTO clear_access (accessed_at, reader, reason, order_no, merchant, kind) VALUES (@at, @User, @Reason, @OrderNo, @Merchant, @kind)",
        new { at = entry.At.Stored(), entry.Reader.User, entry.Reader.Reason, entry.OrderNo, entry.Merchant, kind = EnumWords<ClearAccessKind>.Word(entry.Kind) },
        transaction));

    /// <summary>The newest about an order.</summary>
    public Task<IReadOnlyList<ClearAccessEntry>> OfOrderAsync(string orderNo, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ClearAccessEntry>>(
        async connection => [.. (await connection.QueryAsync<Row>(
            database.Dialect.Limited("""
                SELECT accessed_at AS AccessedAt, reader AS Reader, reason AS Reason, order_no AS OrderNo, merchant AS Merchant, kind AS Kind
                FROM clear_access WHERE order_no = @orderNo ORDER BY id DESC
                """),
            new { orderNo, Limit = limit })).Select(row => row.Read())],
        cancellationToken);

    private sealed class Row
    {
        public long AccessedAt { get; set; }
        public string Reader { get; set; } = "";
        public string Reason { get; set; } = "";
        public string OrderNo { get; set; } = "";
        public string Merchant { get; set; } = "";
        public string Kind { get; set; } = "";

        public ClearAccessEntry Read() => new(StoredTime.Read(AccessedAt), new(Reader, Reason), OrderNo, Merchant, EnumWords<ClearAccessKind>.Parse(Kind));
    }
}

/// <summary>That somebody saw personal data in clear.</summary>
/// <param name="At">When.</param>
/// <param name="Reader">Who, and why.</param>
/// <param name="OrderNo">Which order.</param>
/// <param name="Merchant">Of which merchant.</param>
/// <param name="Kind">What of it.</param>
internal sealed record ClearAccessEntry(DateTimeOffset At, ClearReader Reader, string OrderNo, string Merchant, ClearAccessKind Kind);

/// <summary>Who sees personal data in clear.</summary>
/// <param name="User">The user's name in the ERP.</param>
/// <param name="Reason">Why, in the user's words.</param>
internal sealed record ClearReader(string User, string Reason);

/// <summary>What was seen.</summary>
internal enum ClearAccessKind
{
    /// <summary>The raw payment messages on a screen.</summary>
    Original,

    /// <summary>An evidence bundle with everything.</summary>
    Bundle,

    /// <summary>That the order is a certain person's, found by the number of his paper.</summary>
    Receiver,
}
