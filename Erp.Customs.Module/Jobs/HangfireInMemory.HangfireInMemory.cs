using Hangfire;
using Hangfire.InMemory;

namespace Erp.Customs.Module.Jobs;

/// <summary>Jobs in memory, for SQLite: its file has one writer, and a second one would starve it. Failed jobs are made anew from the table at each start.</summary>
internal static class HangfireInMemory
{
    /// <summary>How long a job that succeeded is shown. The default value is 3 hours.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromHours(3);

    public static JobStorage Create() => new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = Shown });
}
