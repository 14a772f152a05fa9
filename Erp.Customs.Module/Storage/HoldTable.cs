using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of legal holds, and the conditions by which retention leaves alone what is held.</summary>
internal sealed class HoldTable(CustomsDatabase database)
{
    private const string Select = """
        SELECT h.id AS Id, h.placed_at AS PlacedAt, h.placed_by AS PlacedBy, h.owner AS Owner, h.reason AS Reason, h.merchant AS Merchant, h.order_no AS OrderNo, h.from_time AS FromTime,
          h.until_time AS UntilTime, l.lifted_at AS LiftedAt, l.lifted_by AS LiftedBy, l.reason AS LiftReason
        FROM legal_hold h LEFT JOIN legal_hold_lift l ON l.hold_id = h.id
        """;

    private readonly string _insert = database.Dialect.InsertReturningId("legal_hold", "placed_at", "placed_by", "owner", "reason", "merchant", "order_no", "from_time", "until_time");

    /// <summary>Taken by whoever places a hold and by whoever erases, so that neither happens in the midst of the other.</summary>
    public static Task LockAsync(CustomsDatabase database, DbConnection connection, DbTransaction transaction) => database.LockAsync(connection, transaction, "legal_hold");

    /// <summary>Whether a payment <c>p</c> is held, by an order of any of its versions or by its trading time.</summary>
    public static string OfPayment { get; } = $"""
        EXISTS (SELECT 1 FROM legal_hold h WHERE {Stands("p.merchant")} AND (
          ({InTime("p.last_trading_at")}) OR EXISTS (SELECT 1 FROM payment_order ho WHERE ho.payment_id = p.id AND ho.order_no = h.order_no)))
        """;

    /// <summary>Whether a row is held, by its order or by its time.</summary>
    /// <param name="merchant">Its merchant's column.</param>
    /// <param name="orderNo">Its order's column.</param>
    /// <param name="time">Its time's column.</param>
    public static string Of(string merchant, string orderNo, string time) => $"EXISTS (SELECT 1 FROM legal_hold h WHERE {Stands(merchant)} AND (({InTime(time)}) OR h.order_no = {orderNo}))";

    /// <summary>Places a hold. What an erasure has not taken yet stays.</summary>
    /// <returns>Its id.</returns>
    public Task<long> PlaceAsync(NewHold hold, DateTimeOffset now) => database.WriteAsync(async (connection, transaction) =>
    {
        await LockAsync(database, connection, transaction);
        return (long)(await database.RunAsync(
            connection, transaction, _insert,
            ("@placed_at", now.Stored()), ("@placed_by", hold.By), ("@owner", hold.Owner), ("@reason", hold.Reason), ("@merchant", hold.Merchant), ("@order_no", hold.OrderNo),
            ("@from_time", hold.From.Stored()), ("@until_time", hold.Until.Stored())))!;
    });

    /// <summary>Lifts a hold.</summary>
    /// <returns><see langword="false"/> when there is none or it is lifted already.</returns>
    public Task<bool> LiftAsync(long id, string by, string reason, DateTimeOffset now) => database.WriteAsync(async (connection, transaction) =>
    {
        await LockAsync(database, connection, transaction);
        return await connection.ExecuteAsync(
            """
            INSERT INTO legal_hold_lift (hold_id, lifted_at, lifted_by, reason)
            SELECT id, @now, @by, @reason FROM legal_hold WHERE id = @id AND NOT EXISTS (SELECT 1 FROM legal_hold_lift l WHERE l.hold_id = @id)
            """,
            new { id, by, reason, now = now.Stored() },
            transaction) > 0;
    });

    /// <summary>The newest holds, those that stand first.</summary>
    public Task<IReadOnlyList<LegalHold>> ListAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<LegalHold>>(
        async connection => [.. (await connection.QueryAsync<Row>(
            database.Dialect.Limited($"{Select} ORDER BY CASE WHEN l.id IS NULL THEN 0 ELSE 1 END, h.id DESC"), new { Limit = limit })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>Every hold that stands.</summary>
    public Task<IReadOnlyList<LegalHold>> StandingAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<LegalHold>>(
        async connection => [.. (await connection.QueryAsync<Row>($"{Select} WHERE l.id IS NULL ORDER BY h.id")).Select(row => row.Read())], cancellationToken);

    /// <summary>How many payments are held now.</summary>
    public Task<long> CountHeldAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM payment p WHERE {OfPayment}"), cancellationToken);

    private static string Stands(string merchant) =>
        $"NOT EXISTS (SELECT 1 FROM legal_hold_lift l WHERE l.hold_id = h.id) AND (h.merchant IS NULL OR h.merchant = {merchant} OR {merchant} IS NULL)";

    private static string InTime(string time) => $"h.order_no IS NULL AND (h.from_time IS NULL OR {time} >= h.from_time) AND (h.until_time IS NULL OR {time} < h.until_time)";

    private sealed class Row
    {
        public long Id { get; set; }
        public long PlacedAt { get; set; }
        public string PlacedBy { get; set; } = "";
        public string Owner { get; set; } = "";
        public string Reason { get; set; } = "";
        public string? Merchant { get; set; }
        public string? OrderNo { get; set; }
        public long? FromTime { get; set; }
        public long? UntilTime { get; set; }
        public long? LiftedAt { get; set; }
        public string? LiftedBy { get; set; }
        public string? LiftReason { get; set; }

        public LegalHold Read() => new(
            Id, StoredTime.Read(PlacedAt), new(PlacedBy, Owner, Reason) { Merchant = Merchant, OrderNo = OrderNo, From = StoredTime.Read(FromTime), Until = StoredTime.Read(UntilTime) },
            StoredTime.Read(LiftedAt), LiftedBy, LiftReason);
    }
}

/// <summary>A hold to be placed: on one order, or on everything of a time; of one merchant, or of all.</summary>
/// <param name="By">Who places it.</param>
/// <param name="Owner">Who answers for it: a person, a department, a case.</param>
/// <param name="Reason">Why.</param>
internal sealed record NewHold(string By, string Owner, string Reason)
{
    /// <summary>Characters of an owner or a reason. 200.</summary>
    public const int TextLimit = 200;

    /// <summary>The merchant's name in the settings; <see langword="null"/> for all.</summary>
    public string? Merchant { get; init; }

    /// <summary>The order; <see langword="null"/> for a time.</summary>
    public string? OrderNo { get; init; }

    /// <summary>Payments, with all that belongs to them, traded at this time or later, and what no payment has received then; <see langword="null"/> from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>And before this time; <see langword="null"/> without an end.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A hold that was placed.</summary>
/// <param name="Id">Its number.</param>
/// <param name="PlacedAt">When.</param>
/// <param name="What">What it holds, and why.</param>
/// <param name="LiftedAt">When it was lifted; <see langword="null"/> while it stands.</param>
/// <param name="LiftedBy">By whom.</param>
/// <param name="LiftReason">Why.</param>
internal sealed record LegalHold(long Id, DateTimeOffset PlacedAt, NewHold What, DateTimeOffset? LiftedAt, string? LiftedBy, string? LiftReason);
