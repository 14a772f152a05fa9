using System.Data.Common;
using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds payments by order, number, merchant and time; lists hold no raw messages.</summary>
internal sealed partial class PaymentTable
{
    /// <summary>Reads what fits, latest traded first, without raw messages.</summary>
    public async Task<IReadOnlyList<PaymentListRow>> SearchAsync(DbConnection connection, PaymentSearch search, PaymentPage page)
    {
        search = await AmongMerchantsAsync(connection, search);
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { page.Limit });
        var direction = page.Backwards ? "ASC" : "DESC";
        var goesOn = "";
        if (page.From is { } from)
        {
            goesOn = ListPlace.Behind("p.last_trading_at", "p.id", ascending: page.Backwards);
            values.AddDynamicParams(new { Key = from.TradedAt, from.Id });
        }

        var read = await connection.QueryAsync<PaymentListRow>(
            database.Dialect.Limited($"""
                SELECT p.id AS Id, p.merchant AS Merchant, p.pay_transaction_id AS PayTransactionId, p.version AS Version, p.received_at AS ReceivedAt, p.last_trading_at AS TradedAt,
                  v.facts AS Facts, p.request AS Together
                FROM payment p JOIN payment_version v ON v.payment_id = p.id AND v.version = p.version
                WHERE 1 = 1{search.Condition(database.Dialect)}{goesOn} ORDER BY p.last_trading_at {direction}, p.id {direction}
                """),
            values);
        IReadOnlyList<PaymentListRow> rows = [.. page.Backwards ? read.Reverse() : read];
        foreach (var row in rows)
        {
            row.Open(database.Content);
        }

        return rows;
    }

    /// <summary>Counts what fits.</summary>
    public async Task<long> CountAsync(DbConnection connection, PaymentSearch search)
    {
        search = await AmongMerchantsAsync(connection, search);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM payment p WHERE 1 = 1{search.Condition(database.Dialect)}", search.Values(database.Dialect));
    }

    /// <summary>Counts what fits, up to so many.</summary>
    public async Task<long> CountAsync(DbConnection connection, PaymentSearch search, int limit)
    {
        search = await AmongMerchantsAsync(connection, search);
        var values = search.Values(database.Dialect);
        values.AddDynamicParams(new { Limit = limit });
        var found = database.Dialect.Limited($"SELECT p.id FROM payment p WHERE 1 = 1{search.Condition(database.Dialect)} ORDER BY p.last_trading_at DESC");
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM payment WHERE id IN ({found})", values);
    }

    /// <summary>A 交易流水号 is a merchant's: it is looked for among each one's, since they are few and the index begins with them.</summary>
    private async Task<PaymentSearch> AmongMerchantsAsync(DbConnection connection, PaymentSearch search)
    {
        if (search.PayTransactionId is null || search.Merchant is not null)
        {
            return search;
        }

        var merchants = new List<string>();
        var next = database.Dialect.Limited("SELECT merchant FROM payment WHERE merchant > @last ORDER BY merchant");
        while (await connection.ExecuteScalarAsync<string?>(next, new { last = merchants.LastOrDefault(""), Limit = 1 }) is { } merchant)
        {
            merchants.Add(merchant);
        }

        return search with { Merchants = merchants };
    }

    /// <summary>The orders of the payments that succeeded since a time, in the version that counts, newest first.</summary>
    public static async Task<IReadOnlyList<RecentOrderRow>> RecentOrdersAsync(DbConnection connection, DateTimeOffset since) =>
        (await connection.QueryAsync<RecentOrderRow>(
            $"""
            SELECT p.id AS PaymentId, p.version AS Version, p.merchant AS Merchant, o.order_no AS OrderNo, p.last_trading_at AS TradedAt
            FROM {CurrentOrders} WHERE p.last_trading_at >= @since ORDER BY p.last_trading_at DESC, p.id DESC, o.order_no
            """,
            new { since = since.Stored() })).AsList();
}

/// <summary>Which payments are looked for; what is not given does not matter.</summary>
internal sealed record PaymentSearch
{
    /// <summary>One of these orders is the payment's, in the version that counts; empty for all. At most 500.</summary>
    public IReadOnlyCollection<string> OrderNos { get; init; } = [];

    /// <summary>交易流水号.</summary>
    public string? PayTransactionId { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public string? Merchant { get; init; }

    /// <summary>All merchants that have payments, where that helps an engine to find them; empty when it does not matter.</summary>
    public IReadOnlyCollection<string> Merchants { get; init; } = [];

    /// <summary>Whether all payments fit.</summary>
    public bool IsWhole => (OrderNos.Count, PayTransactionId, Merchant, From, Until) is (0, null, null, null, null);

    /// <summary>Succeeded then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Succeeded before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Follows a WHERE over <c>payment p</c>.</summary>
    public string Condition(SqlDialect dialect) => string.Concat(
        OrderNos.Count > 0
            ? $" AND p.id IN (SELECT o.payment_id FROM payment_order o JOIN payment q ON q.id = o.payment_id AND q.version = o.version WHERE {dialect.In("o.order_no", "@OrderNos")})"
            : "",
        PayTransactionId is null ? "" : " AND p.pay_transaction_id = @PayTransactionId",
        Merchant is null ? "" : " AND p.merchant = @Merchant",
        Merchants.Count == 0 ? "" : $" AND {dialect.In("p.merchant", "@Merchants")}",
        From is null ? "" : " AND p.last_trading_at >= @From",
        Until is null ? "" : " AND p.last_trading_at < @Until");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values(SqlDialect dialect) => SearchValues.Of(
        ("OrderNos", OrderNos.Count > 0, dialect.List(OrderNos)),
        ("PayTransactionId", PayTransactionId is not null, PayTransactionId),
        ("Merchant", Merchant is not null, Merchant),
        ("Merchants", Merchants.Count > 0, dialect.List(Merchants)),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));
}

/// <summary>A payment in a list.</summary>
internal sealed class PaymentListRow
{
    public long Id { get; set; }
    public string Merchant { get; set; } = "";
    public string PayTransactionId { get; set; } = "";
    public int Version { get; set; }
    public long ReceivedAt { get; set; }
    public long TradedAt { get; set; }
    public byte[] Facts { get; set; } = [];
    public byte[] Together { get; set; } = [];

    /// <summary>Why the facts cannot be read, in both languages; <see langword="null"/> when they can.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Puts the facts for what is kept of them. One payment that cannot be read does not hide the others.</summary>
    public void Open(ContentVault vault)
    {
        try
        {
            Facts = vault.Open(Facts, Together, ContentColumn.FactsPart);
        }
        catch (UnreadableContentException problem)
        {
            Unreadable = problem.Message;
        }
    }
}

/// <summary>An order that was paid lately.</summary>
internal sealed class RecentOrderRow
{
    public long PaymentId { get; set; }
    public int Version { get; set; }
    public string Merchant { get; set; } = "";
    public string OrderNo { get; set; } = "";
    public long TradedAt { get; set; }
}
