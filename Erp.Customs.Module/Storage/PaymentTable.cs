using System.Data.Common;
using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of the archive: payments, their versions and orders. What may be stored is decided by <see cref="Archive.PaymentArchive"/>.</summary>
internal sealed partial class PaymentTable(CustomsDatabase database)
{
    private const string Columns = """
        p.id AS Id, p.merchant AS Merchant, p.pay_transaction_id AS PayTransactionId,
        p.request AS Request, p.request_charset AS RequestCharset, p.request_sha256 AS RequestSha256,
        p.response AS Response, p.response_charset AS ResponseCharset, p.response_sha256 AS ResponseSha256,
        p.received_at AS ReceivedAt, v.version AS Version, v.facts AS Facts
        """;

    /// <summary>Orders that count: those of the version that counts.</summary>
    private const string CurrentOrders = "payment_order o JOIN payment p ON p.id = o.payment_id AND p.version = o.version";

    private readonly string _insert = database.Dialect.InsertReturningId(
        "payment",
        "merchant", "pay_transaction_id", "request", "request_charset", "request_sha256", "response", "response_charset", "response_sha256", "received_at", "version", "last_trading_at");

    /// <summary>
    /// Taken first by whoever is about to say which payments an order has, so that two nodes do not both find that nobody else has it.
    /// In one order always, so that two who wait for each other are rare.
    /// </summary>
    public async Task LockOrdersAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<string> orderNos)
    {
        foreach (var orderNo in orderNos.Order(StringComparer.Ordinal))
        {
            await database.LockAsync(connection, transaction, "order " + orderNo);
        }
    }

    /// <summary>Finds a payment by its identity, without its bytes.</summary>
    public static Task<PaymentKey?> FindAsync(DbConnection connection, DbTransaction transaction, string merchant, string payTransactionId) =>
        connection.QuerySingleOrDefaultAsync<PaymentKey?>(
            """
            SELECT id AS Id, version AS Version, request_charset AS RequestCharset, request_sha256 AS RequestSha256,
              response_charset AS ResponseCharset, response_sha256 AS ResponseSha256
            FROM payment WHERE merchant = @merchant AND pay_transaction_id = @payTransactionId
            """,
            new { merchant, payTransactionId },
            transaction);

    /// <summary>The stored facts of every version, the one that counts first.</summary>
    public async Task<IReadOnlyList<byte[]>> VersionsAsync(DbConnection connection, DbTransaction transaction, long paymentId) =>
        [.. (await connection.QueryAsync<(byte[] Facts, byte[] Together)>(
            "SELECT v.facts, p.request FROM payment_version v JOIN payment p ON p.id = v.payment_id WHERE v.payment_id = @paymentId ORDER BY v.version DESC", new { paymentId }, transaction))
            .Select(row => database.Content.Open(row.Facts, row.Together, ContentColumn.FactsPart))];

    /// <summary>Those of the orders that another merchant's payment has, in order.</summary>
    public async Task<IReadOnlyList<string>> OrdersOfOthersAsync(DbConnection connection, DbTransaction transaction, string merchant, IReadOnlyCollection<string> orderNos) =>
        (await connection.QueryAsync<string>(
            $"SELECT DISTINCT o.order_no FROM {CurrentOrders} WHERE {database.Dialect.In("o.order_no", "@orderNos")} AND p.merchant <> @merchant ORDER BY o.order_no",
            new { orderNos = database.Dialect.List(orderNos), merchant },
            transaction)).AsList();

    /// <summary>Those of the payment's orders that another payment of the same merchant has too, in order.</summary>
    public async Task<IReadOnlyList<string>> OrdersOfOtherPaymentsAsync(
        DbConnection connection, DbTransaction transaction, string merchant, long paymentId, IReadOnlyCollection<string> orderNos) =>
        (await connection.QueryAsync<string>(
            $"SELECT DISTINCT o.order_no FROM {CurrentOrders} WHERE {database.Dialect.In("o.order_no", "@orderNos")} AND p.merchant = @merchant AND p.id <> @paymentId ORDER BY o.order_no",
            new { orderNos = database.Dialect.List(orderNos), merchant, paymentId },
            transaction)).AsList();

    /// <summary>
    /// Every payment that has the order, the last successful one first: the greatest trading time, then the latest arrival. One that was made of the exchange
    /// with the payment-customs bridge comes after any that the ERP delivered.
    /// </summary>
    public static async Task<IReadOnlyList<PaymentOfOrder>> FindByOrderAsync(DbConnection connection, string orderNo, string? merchant) =>
        (await connection.QueryAsync<PaymentOfOrder>(
            $"""
            SELECT p.id AS Id, p.version AS Version, p.merchant AS Merchant
            FROM {CurrentOrders} JOIN payment_version v ON v.payment_id = p.id AND v.version = p.version
            WHERE o.order_no = @orderNo {(merchant is null ? "" : "AND p.merchant = @merchant")}
            ORDER BY
              CASE WHEN EXISTS (
                SELECT 1 FROM bridge_order b WHERE b.merchant = p.merchant AND b.order_no = o.order_no AND b.payment_no = p.pay_transaction_id AND b.archived = 'bridge') THEN 1 ELSE 0 END,
              v.trading_at DESC, p.received_at DESC, p.id DESC
            """,
            new { orderNo, merchant })).AsList();

    /// <summary>Reads a payment in one version, its content in clear.</summary>
    public async Task<PaymentRow?> ReadAsync(DbConnection connection, long paymentId, int version)
    {
        var row = await connection.QuerySingleOrDefaultAsync<PaymentRow?>(
            $"SELECT {Columns} FROM payment p JOIN payment_version v ON v.payment_id = p.id WHERE p.id = @paymentId AND v.version = @version",
            new { paymentId, version });
        row?.Open(database.Content);
        return row;
    }

    /// <summary>Adds a payment; its version 1 follows.</summary>
    /// <param name="connection">As given to the work.</param>
    /// <param name="transaction">As given to the work.</param>
    /// <param name="merchant">Whose.</param>
    /// <param name="payTransactionId">交易流水号.</param>
    /// <param name="kept">Request, response and facts, kept together.</param>
    /// <param name="request">Its encoding and sum.</param>
    /// <param name="response">Likewise.</param>
    /// <param name="receivedAt">When it came in.</param>
    /// <param name="tradingTime">交易时间.</param>
    /// <returns>Its id.</returns>
    public async Task<long> InsertAsync(
        DbConnection connection, DbTransaction transaction, string merchant, string payTransactionId, byte[] kept, StoredMessage request, StoredMessage response, DateTimeOffset receivedAt, DateTimeOffset tradingTime) =>
        (long)(await database.RunAsync(
            connection, transaction, _insert,
            ("@merchant", merchant), ("@pay_transaction_id", payTransactionId),
            ("@request", kept), ("@request_charset", request.Charset), ("@request_sha256", request.Sha256),
            ("@response", Array.Empty<byte>()), ("@response_charset", response.Charset), ("@response_sha256", response.Sha256),
            ("@received_at", receivedAt.Stored()), ("@version", 1), ("@last_trading_at", tradingTime.Stored())))!;

    /// <summary>Adds a version's facts and orders; <paramref name="kept"/> is what is stored of them, nothing where they are kept together with the payment.</summary>
    public async Task InsertVersionAsync(
        DbConnection connection, DbTransaction transaction, long paymentId, int version, StoredFacts facts, byte[] kept, DateTimeOffset createdAt, string createdBy)
    {
        await database.RunAsync(
            connection, transaction,
            """
            INSERT INTO payment_version (payment_id, version, facts, facts_sha256, trading_at, created_at, created_by)
            VALUES (@payment_id, @version, @facts, @facts_sha256, @trading_at, @created_at, @created_by)
            """,
            ("@payment_id", paymentId), ("@version", version), ("@facts", kept), ("@facts_sha256", facts.Sha256),
            ("@trading_at", facts.TradingTime.Stored()), ("@created_at", createdAt.Stored()), ("@created_by", createdBy));
        foreach (var orderNo in facts.OrderNos)
        {
            await database.RunAsync(
                connection, transaction,
                "INSERT INTO payment_order (payment_id, version, order_no) VALUES (@payment_id, @version, @order_no)",
                ("@payment_id", paymentId), ("@version", version), ("@order_no", orderNo));
        }
    }

    /// <summary>Lets another version count. The term never gets shorter by a correction.</summary>
    public static Task SetVersionAsync(DbConnection connection, DbTransaction transaction, long paymentId, int version, DateTimeOffset tradingTime) =>
        connection.ExecuteAsync(
            """
            UPDATE payment SET version = @version, last_trading_at = CASE WHEN last_trading_at < @traded THEN @traded ELSE last_trading_at END
            WHERE id = @paymentId
            """,
            new { paymentId, version, traded = tradingTime.Stored() },
            transaction);
}

/// <summary>What tells a payment from another, and the sums of its raw exchange.</summary>
internal sealed class PaymentKey
{
    public long Id { get; set; }
    public int Version { get; set; }
    public string RequestCharset { get; set; } = "";
    public byte[] RequestSha256 { get; set; } = [];
    public string ResponseCharset { get; set; } = "";
    public byte[] ResponseSha256 { get; set; } = [];
}

/// <summary>A payment that has an order.</summary>
internal sealed class PaymentOfOrder
{
    public long Id { get; set; }
    public int Version { get; set; }
    public string Merchant { get; set; } = "";
}

/// <summary>A payment in one version as its columns are.</summary>
internal sealed class PaymentRow
{
    public long Id { get; set; }
    public string Merchant { get; set; } = "";
    public string PayTransactionId { get; set; } = "";
    public byte[] Request { get; set; } = [];
    public string RequestCharset { get; set; } = "";
    public byte[] RequestSha256 { get; set; } = [];
    public byte[] Response { get; set; } = [];
    public string ResponseCharset { get; set; } = "";
    public byte[] ResponseSha256 { get; set; } = [];
    public long ReceivedAt { get; set; }
    public int Version { get; set; }
    public byte[] Facts { get; set; } = [];

    /// <summary>Puts the content for what is kept of it.</summary>
    public void Open(ContentVault vault)
    {
        var parts = vault.OpenTogether(Request);
        (Facts, Response) = (Part(Facts, ContentColumn.FactsPart), Part(Response, ContentColumn.ResponsePart));
        Request = parts[0];

        byte[] Part(byte[] own, int part) => own.Length > 0 ? vault.Open(own) : ContentVault.Part(parts, part);
    }
}

/// <summary>A version's facts, ready to be stored.</summary>
/// <param name="Json">Canonical JSON, UTF-8.</param>
/// <param name="Sha256">Of the JSON.</param>
/// <param name="TradingTime">交易时间.</param>
/// <param name="OrderNos">Each once.</param>
internal sealed record StoredFacts(byte[] Json, byte[] Sha256, DateTimeOffset TradingTime, IReadOnlyCollection<string> OrderNos);
