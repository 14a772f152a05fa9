using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>What a person may learn of retention and try of it. Filled by the room that erases.</summary>
internal interface IRetention
{
    /// <summary>The newest runs.</summary>
    Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How many payments are inside their term.</summary>
    Task<long> CountInsideTermAsync(CancellationToken cancellationToken);

    /// <summary>试算: counts what would be erased now, and erases nothing.</summary>
    Task<RetentionRun> TryAsync(CancellationToken cancellationToken);
}

/// <summary>法定保全: keeps what its term no longer keeps. Filled by the room that erases.</summary>
internal interface ILegalHolds
{
    /// <summary>The newest holds, those that stand first.</summary>
    Task<IReadOnlyList<LegalHold>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Places a hold.</summary>
    /// <returns>What is wrong with it, <c>中文 | English</c>; <see langword="null"/> when it stands.</returns>
    Task<string?> PlaceAsync(NewHold hold, CancellationToken cancellationToken);

    /// <summary>Lifts a hold.</summary>
    /// <returns>Why it was not lifted, <c>中文 | English</c>; <see langword="null"/> when it is.</returns>
    Task<string?> LiftAsync(long id, string by, string reason, CancellationToken cancellationToken);
}
