namespace Erp.Customs.Module.Jobs;

/// <summary>
/// Drives sign-and-upload. It is a driver and not the truth: the table says what is due, and an engine whose storage is lost loses nothing,
/// because the sweep hands it everything that is due again. A job's argument is the request's id and nothing else.
/// </summary>
internal interface IUploadEngine
{
    /// <summary>Shown on the health page.</summary>
    string Name { get; }

    /// <summary>Has <see cref="IUploadWork"/> run for a request, once, not before <paramref name="dueAt"/>. Handing in the same id again does no harm.</summary>
    Task EnqueueAsync(long requestId, DateTimeOffset dueAt, CancellationToken cancellationToken);
}

/// <summary>The work itself; the Upload room does it.</summary>
internal interface IUploadWork
{
    /// <summary>Works on one request as far as it goes now.</summary>
    /// <returns>When it is due again; <see langword="null"/> when nothing is left to do, or when another worker holds it.</returns>
    Task<DateTimeOffset?> RunAsync(long requestId, CancellationToken cancellationToken);

    /// <summary>Ids of what is due now, earliest deadline first.</summary>
    Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken);
}

/// <summary>Work that a clock starts.</summary>
internal interface IScheduledWork
{
    /// <summary>Stable name.</summary>
    string Name { get; }

    /// <summary>Quartz cron expression.</summary>
    string Cron { get; }

    /// <summary>Whose time <see cref="Cron"/> means. The default value is China time.</summary>
    TimeZoneInfo Zone => ChinaTime.Zone;

    /// <summary>Runs it once.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
