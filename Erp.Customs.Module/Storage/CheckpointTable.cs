using Dapper;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of checkpoints. They stand here for people to see and to be handed out from; what proves anything is the copies outside.</summary>
internal sealed class CheckpointTable(CustomsDatabase database)
{
    private const string Select = "SELECT number AS Number, statement AS Statement, signature AS Signature, public_key AS PublicKey FROM archive_checkpoint";

    /// <summary>The newest; <see langword="null"/> when there is none.</summary>
    public Task<ArchiveCheckpoint?> LastAsync(CancellationToken cancellationToken) => BeforeAsync(long.MaxValue, cancellationToken);

    /// <summary>The newest before a number; <see langword="null"/> when there is none.</summary>
    public Task<ArchiveCheckpoint?> BeforeAsync(long number, CancellationToken cancellationToken) => FirstAsync($"{Select} WHERE number < @number ORDER BY number DESC", number, cancellationToken);

    /// <summary>The first at a number or behind it; <see langword="null"/> when there is none.</summary>
    public Task<ArchiveCheckpoint?> CoveringAsync(long number, CancellationToken cancellationToken) => FirstAsync($"{Select} WHERE number >= @number ORDER BY number", number, cancellationToken);

    /// <summary>Those behind a number, in order.</summary>
    public Task<IReadOnlyList<ArchiveCheckpoint>> ListAsync(long after, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ArchiveCheckpoint>>(
        async connection => [.. (await connection.QueryAsync<CheckpointRow>($"{Select} WHERE number > @after ORDER BY number", new { after })).Select(row => row.Read())],
        cancellationToken);

    /// <summary>Adds one, unless another node has made one at the same number.</summary>
    public Task AddAsync(ArchiveCheckpoint checkpoint, DateTimeOffset madeAt) => database.WriteAsync(async (connection, transaction) =>
    {
        if (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM archive_checkpoint WHERE number = @Number", new { checkpoint.Number }, transaction) == 0)
        {
            await connection.ExecuteAsync(
                "INSERT INTO archive_checkpoint (number, made_at, statement, signature, public_key) VALUES (@Number, @madeAt, @Statement, @signature, @publicKey)",
                new { checkpoint.Number, madeAt = madeAt.Stored(), checkpoint.Statement, signature = checkpoint.Signature.ToArray(), publicKey = checkpoint.PublicKey.ToArray() },
                transaction);
        }

        return true;
    });

    private Task<ArchiveCheckpoint?> FirstAsync(string sql, long number, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QueryFirstOrDefaultAsync<CheckpointRow?>(database.Dialect.Limited(sql), new { number, Limit = 1 }))?.Read(), cancellationToken);

    private sealed class CheckpointRow
    {
        public long Number { get; set; }
        public string Statement { get; set; } = "";
        public byte[] Signature { get; set; } = [];
        public byte[] PublicKey { get; set; } = [];

        public ArchiveCheckpoint Read() => new(Number, Statement, Signature, PublicKey);
    }
}
