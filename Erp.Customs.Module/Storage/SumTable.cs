using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Reads every stored byte string beside the SHA-256 that was computed when it arrived.</summary>
internal static class SumTable
{
    /// <summary>Every column of bytes: table, the column that names the row, the column.</summary>
    public static IReadOnlyList<SummedColumn> Columns { get; } =
    [
        new("payment", "id", "request"),
        new("payment", "id", "response"),
        new("payment_version", "id", "facts"),
        new("customs_request", "id", "openreq"),
        new("envelope", "request_id", "payload"),
        new("envelope", "request_id", "sign_text"),
        new("upload_attempt", "id", "reply"),
    ];

    /// <summary>How many rows a column has.</summary>
    public static Task<long> CountAsync(DbConnection connection, SummedColumn column) =>
        connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {column.Table}");

    /// <summary>The next rows by key.</summary>
    public static async Task<IReadOnlyList<SummedRow>> PageAsync(DbConnection connection, SqlDialect dialect, SummedColumn column, long after, int limit) =>
        (await connection.QueryAsync<SummedRow>(
            dialect.Limited($"SELECT {column.Key} AS Id, {column.Name} AS Bytes, {column.Name}_sha256 AS Sha256 FROM {column.Table} WHERE {column.Key} > @after ORDER BY {column.Key}"),
            new { after, Limit = limit })).AsList();
}

/// <summary>A column of bytes that has a column of sums, <c>&lt;name&gt;_sha256</c>, beside it.</summary>
internal sealed record SummedColumn(string Table, string Key, string Name);

/// <summary>A stored byte string and its sum.</summary>
internal sealed class SummedRow
{
    public long Id { get; set; }
    public byte[] Bytes { get; set; } = [];
    public byte[] Sha256 { get; set; } = [];
}
