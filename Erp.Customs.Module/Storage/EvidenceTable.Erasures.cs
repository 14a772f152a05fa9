using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What an erasure leaves of the evidence.</summary>
internal sealed partial class EvidenceTable
{
    /// <summary>Numbers in one statement. 500.</summary>
    private const int Chunk = 500;

    private readonly string _insertErasure = database.Dialect.InsertReturningId("erasure", "erased_at", "cutoff", "numbers", "years");

    /// <summary>The numbers of records that are there, and of those that go along with them.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="transaction">The one that erases them; <see langword="null"/> for a look.</param>
    /// <param name="kind">A kind of record, or <see cref="SealedKind.BridgeOrder"/>.</param>
    /// <param name="ids">Which of them.</param>
    public async Task<IReadOnlyCollection<long>> NumbersWithAsync(DbConnection connection, DbTransaction? transaction, string kind, IReadOnlyCollection<long> ids)
    {
        var numbers = new SortedSet<long>();
        foreach (var chunk in ids.Chunk(Chunk))
        {
            var values = new { kind, ids = database.Dialect.List(chunk) };
            numbers.UnionWith(await connection.QueryAsync<long>(
                $"SELECT number FROM evidence WHERE kind = @kind AND {database.Dialect.In("record_id", "@ids")} AND erased_by IS NULL", values, transaction));
            foreach (var taken in SealedKind.All.Where(taken => taken.Owner?.Kind == kind))
            {
                numbers.UnionWith(await connection.QueryAsync<long>(
                    $"""
                    SELECT e.number FROM {taken.Table} s JOIN evidence e ON e.kind = @kind AND e.record_id = s.{taken.Key}
                    WHERE {database.Dialect.In("s." + taken.Owner!.Value.Column, "@ids")} AND e.erased_by IS NULL
                    """,
                    new { kind = taken.Name, ids = database.Dialect.List(chunk) },
                    transaction));
            }
        }

        return numbers;
    }

    /// <summary>Writes an erasure down. The database refuses one whose cutoff is not three years back.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> AddErasureAsync(DbConnection connection, DbTransaction transaction, long erasedAt, long cutoff, string numbers, int years) => (long)(await database.RunAsync(
        connection, transaction, _insertErasure, ("@erased_at", erasedAt), ("@cutoff", cutoff), ("@numbers", numbers), ("@years", years)))!;

    /// <summary>Takes the salt of seals away and writes down with which erasure.</summary>
    public async Task EraseAsync(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> numbers, long erasedBy)
    {
        foreach (var chunk in numbers.Chunk(Chunk))
        {
            await connection.ExecuteAsync(
                $"UPDATE evidence SET salt = NULL, erased_by = @erasedBy WHERE {database.Dialect.In("number", "@numbers")}", new { erasedBy, numbers = database.Dialect.List(chunk) }, transaction);
        }
    }

    /// <summary>The seal with a number; <see langword="null"/> when there is none.</summary>
    public Task<EvidenceRow?> FindAsync(long number, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<EvidenceRow?>($"{SelectEvidence} WHERE number = @number", new { number }), cancellationToken);

    /// <summary>How many seals say that they went with an erasure.</summary>
    public Task<long> CountErasedAsync(long erasedBy, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM evidence WHERE erased_by = @erasedBy", new { erasedBy }), cancellationToken);
}
