using System.Data.Common;
using Dapper;
using Erp.Customs.Contracts.Capture;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of captured messages. Which of them become a payment's is decided by <c>CaptureArchive</c>.</summary>
internal sealed class CaptureTable(CustomsDatabase database)
{
    private static readonly string s_held = HoldTable.Of("captured_message.merchant", "captured_message.trade_no", "captured_message.captured_at");

    private const string SelectPayment = "SELECT MAX(payment_id) FROM captured_message WHERE merchant = @merchant AND trade_no = @trade_no";

    private readonly string _insert = database.Dialect.InsertNewReturningId(
        "captured_message", unique: "message_id",
        "message_id", "merchant", "trade_no", "kind", "content", "content_sha256", "size", "charset", "origin", "captured_at", "stored_at", "payment_id");

    /// <summary>Adds messages, all or none; one with an id that is there already changes nothing. One that comes after its payment belongs to it at once.</summary>
    public async Task AddAsync(IReadOnlyList<NewCapture> captures, DateTimeOffset now)
    {
        var kept = captures.Select(capture => (Capture: capture, Content: database.Content.Keep(capture.Message.Bytes))).ToList();
        try
        {
            await database.WriteAsync(async (connection, transaction) =>
            {
                foreach (var (capture, content) in kept)
                {
                    await AddAsync(connection, transaction, capture, content, now);
                }

                return true;
            });
        }
        catch (DbException exception) when (captures.Count == 1 && database.Dialect.IsDuplicate(exception))
        {
            // Two who came with the same message at the same moment: it is there.
        }
    }

    /// <summary>What was captured of a payment, without content, the oldest first.</summary>
    public Task<IReadOnlyList<CaptureRow>> ListAsync(string merchant, string tradeNo, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CaptureRow>>(
        async connection => (await connection.QueryAsync<CaptureRow>(
            """
            SELECT c.id AS Id, c.kind AS Kind, c.size AS Size, c.charset AS Charset, c.content_sha256 AS Sha256, c.origin AS Origin, c.captured_at AS CapturedAt,
              p.pay_transaction_id AS PayTransactionId
            FROM captured_message c LEFT JOIN payment p ON p.id = c.payment_id
            WHERE c.merchant = @merchant AND c.trade_no = @tradeNo
            ORDER BY c.captured_at, c.id
            """,
            new { merchant, tradeNo })).AsList(),
        cancellationToken);

    /// <summary>The bytes of a message; <see langword="null"/> when it was erased meanwhile.</summary>
    public Task<byte[]?> ContentAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<byte[]?>("SELECT content FROM captured_message WHERE id = @id", new { id }) is { } kept ? database.Content.Open(kept) : null,
        cancellationToken);

    /// <summary>The payment that what was captured under a trade number has become; <see langword="null"/> while it is nobody's.</summary>
    public static Task<long?> PaymentOfAsync(DbConnection connection, DbTransaction transaction, string merchant, string tradeNo) =>
        connection.ExecuteScalarAsync<long?>(SelectPayment, new { merchant, trade_no = tradeNo }, transaction);

    /// <summary>Gives everything that was captured under a trade number to a payment, so that it goes when the payment goes.</summary>
    public static Task AssignAsync(DbConnection connection, DbTransaction transaction, string merchant, string tradeNo, long paymentId) =>
        connection.ExecuteAsync("UPDATE captured_message SET payment_id = @paymentId WHERE merchant = @merchant AND trade_no = @tradeNo", new { merchant, tradeNo, paymentId }, transaction);

    /// <summary>The next messages captured before the cutoff that no payment has and no legal hold keeps, the oldest first.</summary>
    public Task<IReadOnlyList<OldRow>> OldAsync(DateTimeOffset cutoff, OldRow? after, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<OldRow>>(
        async connection => (await connection.QueryAsync<OldRow>(
            database.Dialect.Limited($"""
                SELECT id AS Id, captured_at AS Since FROM captured_message
                WHERE payment_id IS NULL AND captured_at < @cutoff AND (captured_at > @since OR (captured_at = @since AND id > @id)) AND NOT {s_held}
                ORDER BY captured_at, id
                """),
            new { cutoff = cutoff.Stored(), since = after?.Since ?? long.MinValue, id = after?.Id ?? 0, Limit = limit })).AsList(),
        cancellationToken);

    /// <summary>Erases those of the messages that no payment has and no legal hold keeps, and adds their number to a run of retention.</summary>
    /// <returns>Which went.</returns>
    public static async Task<IReadOnlyCollection<long>> EraseAsync(DbConnection connection, DbTransaction transaction, long runId, IReadOnlyCollection<long> ids)
    {
        var erased = new List<long>(ids.Count);
        foreach (var id in ids)
        {
            if (await connection.ExecuteAsync($"DELETE FROM captured_message WHERE id = @id AND payment_id IS NULL AND NOT {s_held} AND {RetentionTable.IsSealed(SealedKind.Capture, "captured_message.id")}", new { id }, transaction) > 0)
            {
                erased.Add(id);
            }
        }

        await CountErasedAsync(connection, transaction, runId, erased.Count);
        return erased;
    }

    /// <summary>Adds a number of messages to a run of retention.</summary>
    public static Task CountErasedAsync(DbConnection connection, DbTransaction transaction, long runId, int captures) =>
        connection.ExecuteAsync("UPDATE retention_run SET captures = captures + @captures WHERE id = @runId", new { runId, captures }, transaction);

    /// <summary>Erases what was captured of payments, which go in the same transaction.</summary>
    public static Task EraseOfPaymentsAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> payments) =>
        connection.ExecuteAsync("DELETE FROM captured_message WHERE payment_id = @id", payments.Select(id => new { id }), transaction);

    private async Task AddAsync(DbConnection connection, DbTransaction transaction, NewCapture capture, byte[] content, DateTimeOffset now)
    {
        var paymentId = await database.RunAsync(connection, transaction, SelectPayment, ("@merchant", capture.Merchant), ("@trade_no", capture.TradeNo));
        await database.RunAsync(
            connection, transaction, _insert,
            ("@message_id", capture.MessageId), ("@merchant", capture.Merchant), ("@trade_no", capture.TradeNo), ("@kind", EnumWords<CapturedKind>.Word(capture.Kind)),
            ("@content", content), ("@content_sha256", capture.Message.Sha256), ("@size", capture.Message.Bytes.Length), ("@charset", capture.Message.Charset),
            ("@origin", capture.Origin), ("@captured_at", capture.CapturedAt.Stored()), ("@stored_at", now.Stored()), ("@payment_id", paymentId is DBNull ? null : paymentId));
    }
}

/// <summary>A captured message that is to be stored.</summary>
/// <param name="MessageId">32 hex digits; unique.</param>
/// <param name="Merchant">Whose payment.</param>
/// <param name="TradeNo">商户订单号.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Message">Its bytes.</param>
/// <param name="CapturedAt">When it was sent or received.</param>
/// <param name="Origin">Where it was captured.</param>
internal sealed record NewCapture(string MessageId, string Merchant, string TradeNo, CapturedKind Kind, StoredMessage Message, DateTimeOffset CapturedAt, string Origin);

/// <summary>A captured message as its columns are, without content.</summary>
internal sealed class CaptureRow
{
    public long Id { get; set; }
    public string Kind { get; set; } = "";
    public int Size { get; set; }
    public string Charset { get; set; } = "";
    public byte[] Sha256 { get; set; } = [];
    public string Origin { get; set; } = "";
    public long CapturedAt { get; set; }
    public string? PayTransactionId { get; set; }
}
