using System.Data.Common;
using Dapper;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// The SQL of the evidence: what has a seal and what has none. It is the one place that reads records to be hashed, and gives their bytes in clear. What is hashed how is
/// decided by <see cref="Archive.Sealing.Seal"/>.
/// </summary>
internal sealed partial class EvidenceTable(CustomsDatabase database)
{
    private const string SelectEvidence = """
        SELECT number AS Number, kind AS Kind, record_id AS RecordId, record_no AS RecordNo, sealed_at AS SealedAt, salt AS Salt, leaf AS Leaf, chain AS Chain, erased_by AS ErasedBy
        FROM evidence
        """;

    private const string Insert = """
        INSERT INTO evidence (number, kind, record_id, record_no, sealed_at, salt, leaf, chain)
        VALUES (@number, @kind, @record_id, @record_no, @sealed_at, @salt, @leaf, @chain)
        """;

    /// <summary>Taken first by whoever adds to the chain. Without it the key of <c>evidence</c> would let one win and have the others begin again.</summary>
    public Task LockAsync(DbConnection connection, DbTransaction transaction) => database.LockAsync(connection, transaction, "evidence");

    /// <summary>The end of the chain, inside the transaction that adds to it.</summary>
    public Task<ChainHead> HeadAsync(DbConnection connection, DbTransaction? transaction) => HeadAsync(connection, transaction, long.MaxValue);

    /// <summary>The end of the chain as it was at a number.</summary>
    public Task<ChainHead> HeadAsync(long number, CancellationToken cancellationToken) => database.ReadAsync(connection => HeadAsync(connection, null, number), cancellationToken);

    /// <summary>Adds one seal.</summary>
    public Task AddAsync(DbConnection connection, DbTransaction transaction, EvidenceRow evidence) => database.RunAsync(
        connection, transaction, Insert,
        ("@number", evidence.Number), ("@kind", evidence.Kind), ("@record_id", evidence.RecordId), ("@record_no", evidence.RecordNo), ("@sealed_at", evidence.SealedAt),
        ("@salt", evidence.Salt), ("@leaf", evidence.Leaf), ("@chain", evidence.Chain));

    /// <summary>The greatest value of a kind's cursor now; 0 when there is none.</summary>
    public Task<long> LastCursorAsync(SealedKind kind, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection => await connection.ExecuteScalarAsync<long?>($"SELECT MAX(id) FROM {kind.CursorTable}") ?? 0, cancellationToken);

    /// <summary>The next records of a kind behind a cursor that can be sealed and are not. One may be there twice.</summary>
    public Task<IReadOnlyList<UnsealedRecord>> UnsealedAsync(SealedKind kind, long after, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<UnsealedRecord>>(
        async connection =>
        {
            await using var reader = await connection.ExecuteReaderAsync(
                database.Dialect.Limited($"SELECT {kind.Cursor}, {Selected(kind)} FROM {kind.Source} WHERE {Unsealed(kind)} ORDER BY {kind.Cursor}"),
                new { kind = kind.Name, after, Limit = limit });
            var found = new List<UnsealedRecord>();
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(new UnsealedRecord(reader.GetInt64(0), Read(reader, kind, 1)));
            }

            return found;
        },
        cancellationToken);

    /// <summary>Since when the first record of a kind behind a cursor could have been sealed and is not; <see langword="null"/> when there is none.</summary>
    public Task<DateTimeOffset?> UnsealedSinceAsync(SealedKind kind, long after, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => StoredTime.Read(await connection.QueryFirstOrDefaultAsync<long?>(
            database.Dialect.Limited($"SELECT s.{kind.ArrivedAt} FROM {kind.Source} WHERE {Unsealed(kind)} ORDER BY {kind.Cursor}"), new { kind = kind.Name, after, Limit = 1 })),
        cancellationToken);

    /// <summary>Those of the records that are still there and have no seal, inside the transaction that seals them.</summary>
    public async Task<IReadOnlyList<SealedRecord>> StillUnsealedAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<SealedRecord> records)
    {
        var kind = records[0].Kind;
        var ids = database.Dialect.List(records.Select(record => record.Id));
        var isSealed = (await connection.QueryAsync<(long, long)>(
            $"SELECT record_id, record_no FROM evidence WHERE kind = @kind AND {database.Dialect.In("record_id", "@ids")}", new { kind = kind.Name, ids }, transaction)).ToHashSet();
        var there = new HashSet<(long, long)>();
        foreach (var source in SealedKind.All.Where(source => source.Name == kind.Name))
        {
            there.UnionWith(await connection.QueryAsync<(long, long)>(
                $"SELECT s.{source.Key}, {AsBigInt(source.Number)} FROM {source.Table} s WHERE {database.Dialect.In("s." + source.Key, "@ids")}", new { ids }, transaction));
        }

        return [.. records.Where(record => there.Contains((record.Id, record.No)) && !isSealed.Contains((record.Id, record.No)))];
    }

    /// <summary>The next seals behind a number, in order.</summary>
    public Task<IReadOnlyList<EvidenceRow>> PageAsync(long after, long last, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<EvidenceRow>>(
        async connection => (await connection.QueryAsync<EvidenceRow>(
            database.Dialect.Limited($"{SelectEvidence} WHERE number > @after AND number <= @last ORDER BY number"), new { after, last, Limit = limit })).AsList(),
        cancellationToken);

    /// <summary>The records behind seals, those that are there.</summary>
    public Task<IReadOnlyDictionary<(string Kind, long Id, long No), SealedRecord>> RecordsAsync(IReadOnlyCollection<EvidenceRow> seals, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<(string, long, long), SealedRecord>>(
            async connection =>
            {
                var records = new Dictionary<(string, long, long), SealedRecord>(seals.Count);
                foreach (var group in seals.GroupBy(seal => seal.Kind, StringComparer.Ordinal))
                {
                    var ids = group.Select(seal => seal.RecordId).Distinct().ToList();
                    foreach (var kind in SealedKind.All.Where(kind => kind.Name == group.Key))
                    {
                        await using var reader = await connection.ExecuteReaderAsync(
                            $"SELECT {Selected(kind)} FROM {kind.Table} s WHERE {database.Dialect.In("s." + kind.Key, "@ids")}", new { ids = database.Dialect.List(ids) });
                        while (await reader.ReadAsync(cancellationToken))
                        {
                            var record = Read(reader, kind, 0);
                            records[(kind.Name, record.Id, record.No)] = record;
                        }
                    }
                }

                return records;
            },
            cancellationToken);

    /// <summary>The first and the last number that were sealed within a time; (0, 0) when none was.</summary>
    public Task<(long First, long Last)> NumbersOfAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleAsync<(long, long)>(
            "SELECT COALESCE(MIN(number), 0), COALESCE(MAX(number), 0) FROM evidence WHERE sealed_at >= @from AND sealed_at < @to",
            new { from = from.Stored() ?? long.MinValue, to = to.Stored() ?? long.MaxValue }),
        cancellationToken);

    /// <summary>How many seals of each kind there are behind a number.</summary>
    public Task<IReadOnlyDictionary<string, long>> CountsAsync(long after, long last, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyDictionary<string, long>>(
        async connection => (await connection.QueryAsync<(string Kind, long Count)>(
            "SELECT kind, CAST(COUNT(*) AS BIGINT) FROM evidence WHERE number > @after AND number <= @last GROUP BY kind", new { after, last })).ToDictionary(one => one.Kind, one => one.Count, StringComparer.Ordinal),
        cancellationToken);

    private async Task<ChainHead> HeadAsync(DbConnection connection, DbTransaction? transaction, long last) =>
        await connection.QueryFirstOrDefaultAsync<EvidenceRow>(database.Dialect.Limited($"{SelectEvidence} WHERE number <= @last ORDER BY number DESC"), new { last, Limit = 1 }, transaction) is { } head
            ? new ChainHead(head.Number, head.Chain)
            : ChainHead.None;

    /// <summary>Key, number and columns, then where content of these columns may be kept together.</summary>
    private static string Selected(SealedKind kind) =>
        $"s.{kind.Key}, {AsBigInt(kind.Number)}, {string.Join(", ", kind.Columns.Select(column => "s." + column).Concat(kind.KeptTogether))}";

    private static string Unsealed(SealedKind kind) =>
        $"{kind.Cursor} > @after AND {kind.Ready} AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.kind = @kind AND e.record_id = s.{kind.Key} AND e.record_no = {kind.Number})";

    private static string AsBigInt(string expression) => $"CAST({expression} AS BIGINT)";

    /// <summary>The one place where content is read to be hashed; whatever the table keeps it as, from here on it is clear.</summary>
    private SealedRecord Read(DbDataReader reader, SealedKind kind, int first)
    {
        var values = new object?[kind.Columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = reader.GetValue(first + 2 + i);
            values[i] = value is DBNull ? null : value;
        }

        var record = new SealedRecord(kind, reader.GetInt64(first), reader.GetInt64(first + 1), values);
        try
        {
            Open(reader, kind, first + 2 + values.Length, values);
            return record;
        }
        catch (UnreadableContentException problem)
        {
            return record with { Unreadable = problem };
        }
    }

    private void Open(DbDataReader reader, SealedKind kind, int together, object?[] values)
    {
        var opened = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.Ordinal);
        foreach (var (index, column) in kind.Content)
        {
            // Whoever may do anything in the database may make a column of bytes a text: that is read as what it is, and hashed otherwise.
            if (values[index] is byte[] { Length: > 0 } own)
            {
                values[index] = Parts("s." + column.Name, own)[0];
            }
            else if (values[index] is byte[] && column.Together is { } where && reader.GetValue(together + Array.IndexOf(kind.KeptTogether, where)) is byte[] kept && Parts(where, kept) is var parts && parts.Count > column.Part)
            {
                values[index] = parts[column.Part];
            }
        }

        IReadOnlyList<byte[]> Parts(string where, byte[] kept) =>
            opened.TryGetValue(where, out var parts) ? parts : opened[where] = database.Content.OpenTogether(kept);
    }
}
