using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>完整性核对: what a person may learn of the daily reconciliation. Filled by the room that does it.</summary>
internal interface ICompleteness
{
    /// <summary>Runs it now.</summary>
    Task<CompletenessRun> RunAsync(CancellationToken cancellationToken);

    /// <summary>The newest runs.</summary>
    Task<IReadOnlyList<CompletenessRun>> RunsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What is found and not settled, the oldest first.</summary>
    Task<IReadOnlyList<CompletenessFinding>> StandingAsync(int limit, CancellationToken cancellationToken);
}
