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
        new("replaced_envelope", "id", "payload"),
        new("replaced_envelope", "id", "sign_text"),
        new("upload_attempt", "id", "reply"),
        new("bridge_order", "id", "content"),
        new("bridge_exchange", "id", "request"),
        new("bridge_exchange", "id", "reply"),
        new("captured_message", "id", "content"),
    ];

    /// <summary>How many rows a column has.</summary>
    public static Task<long> CountAsync(DbConnection connection, SummedColumn column) =>
        connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {column.Table}");

    /// <summary>The next rows by key. Whatever somebody has made of a value is read as bytes.</summary>
    public static async Task<IReadOnlyList<SummedRow>> PageAsync(DbConnection connection, SqlDialect dialect, SummedColumn column, long after, int limit)
    {
        await using var reader = await connection.ExecuteReaderAsync(
            dialect.Limited($"SELECT {column.Key}, {column.Name}, {column.Name}_sha256 FROM {column.Table} WHERE {column.Key} > @after ORDER BY {column.Key}"),
            new { after, Limit = limit });
        var rows = new List<SummedRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new SummedRow(reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1), await reader.GetFieldValueAsync<byte[]>(2)));
        }

        return rows;
    }
}

/// <summary>A column of bytes that has a column of sums, <c>&lt;name&gt;_sha256</c>, beside it.</summary>
internal sealed record SummedColumn(string Table, string Key, string Name);

/// <summary>A stored byte string and its sum.</summary>
internal sealed record SummedRow(long Id, byte[] Bytes, byte[] Sha256);
