using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>What a person may learn of retention and try of it. Filled by the room that erases.</summary>
internal interface IRetention
{
    /// <summary>The run that goes on in this process; <see langword="null"/> when none does.</summary>
    long? Running { get; }

    /// <summary>The newest runs.</summary>
    Task<IReadOnlyList<RetentionRun>> RunsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What is inside its term.</summary>
    Task<KeptInTerm> KeptAsync(CancellationToken cancellationToken);

    /// <summary>Why the data must not be removed, with counts and dates, <c>中文 | English</c>; <see langword="null"/> when nothing is inside its term and no legal hold stands.</summary>
    Task<string?> WhyKeepAsync(CancellationToken cancellationToken);

    /// <summary>试算: counts what would be erased now, and erases nothing.</summary>
    /// <param name="confirmedBy">Who says that the clock, which was in doubt, is right; empty for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<RetentionRun> TryAsync(string confirmedBy, CancellationToken cancellationToken);
}

/// <summary>交易完结: what the ERP tells of the end of its orders. Filled by the room that erases.</summary>
internal interface IOrderEnds
{
    /// <summary>Writes down that delivery or after-sales of an order ended.</summary>
    /// <returns>What is wrong with it, <c>中文 | English</c>; <see langword="null"/> when it stands.</returns>
    Task<string?> TellAsync(OrderEnd end, CancellationToken cancellationToken);
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
