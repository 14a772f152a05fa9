namespace Erp.Customs.Contracts;

/// <summary>
/// A place outside the module's database that keeps checkpoints of the archive, so that nobody can rewrite the database without its showing: another machine's share, an object store with a
/// lock, a mailbox. Without one the module writes them to a folder alone (<c>Customs:Archive:CheckpointFolder</c>). It must keep what it was given; the module never changes or removes anything.
/// </summary>
public interface ICheckpointTarget
{
    /// <summary>For logs and screens.</summary>
    string Name { get; }

    /// <summary>The number of the newest checkpoint there; 0 when there is none. What it lacks it is given again.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<long> LastNumberAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a checkpoint. One that is there already is left as it is.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cancellationToken">Ends the attempt; it is made again later.</param>
    Task WriteAsync(ArchiveCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Reads the checkpoints behind a number, in order.</summary>
    /// <param name="after">The number; 0 for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<ArchiveCheckpoint>> ReadAsync(long after, CancellationToken cancellationToken);
}

/// <summary>How far the archive's chain was at a time, signed with the archive's own key (docs/evidence.md).</summary>
/// <param name="Number">The last number sealed then.</param>
/// <param name="Statement">What is signed: lines of text, UTF-8. No personal data.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over the statement, DER.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
public sealed record ArchiveCheckpoint(long Number, string Statement, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> PublicKey);
