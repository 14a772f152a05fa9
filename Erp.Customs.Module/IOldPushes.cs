using System.Data.Common;

namespace Erp.Customs.Module;

/// <summary>Orders at the bridge past the term, for the room that erases. Filled by the room that keeps them.</summary>
internal interface IOldPushes
{
    /// <summary>Counts those that would go if everything else past the term were gone.</summary>
    Task<long> CountAsync(RetentionPlan plan, CancellationToken cancellationToken);

    /// <summary>Erases those whose payments are gone, in batches, with every exchange.</summary>
    /// <param name="plan">The term.</param>
    /// <param name="erased">Told how many a batch takes, in its transaction.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <returns>How many went.</returns>
    Task<long> EraseAsync(RetentionPlan plan, Func<DbConnection, DbTransaction, int, Task> erased, CancellationToken cancellationToken);
}
