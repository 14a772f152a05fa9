using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>Reads every stored content beside the SHA-256 that was computed when it arrived.</summary>
internal sealed class SumTable(CustomsDatabase database)
{
    /// <summary>How many rows a column has.</summary>
    public static Task<long> CountAsync(DbConnection connection, ContentColumn column) =>
        connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {column.Table}");

    /// <summary>The next rows by key. Whatever somebody has made of a value is read as bytes; what cannot be read has no sum.</summary>
    public async Task<IReadOnlyList<SummedRow>> PageAsync(DbConnection connection, ContentColumn column, long after, int limit)
    {
        await using var reader = await connection.ExecuteReaderAsync(
            database.Dialect.Limited($"""
                SELECT s.{column.Key}, s.{column.Name}, s.{column.Name}_sha256{(column.Together is null ? "" : $", {column.Together}")}
                FROM {column.Table} s WHERE s.{column.Key} > @after ORDER BY s.{column.Key}
                """),
            new { after, Limit = limit });
        var rows = new List<SummedRow>();
        while (await reader.ReadAsync())
        {
            var (id, own, sum) = (reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1), await reader.GetFieldValueAsync<byte[]>(2));
            rows.Add(new SummedRow(id, IsWhole(own, column.Together is null ? [] : await reader.GetFieldValueAsync<byte[]>(3), column.Part, sum)));
        }

        return rows;
    }

    private bool IsWhole(byte[] own, byte[] together, int part, byte[] sum)
    {
        try
        {
            return SHA256.HashData(database.Content.Open(own, together, part)).AsSpan().SequenceEqual(sum);
        }
        catch (UnreadableContentException)
        {
            return false;
        }
    }
}

/// <summary>A stored content.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="IsWhole">It can be read and has its sum.</param>
internal sealed record SummedRow(long Id, bool IsWhole);
