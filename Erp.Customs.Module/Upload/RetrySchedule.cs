using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>When a request that did not get through is tried again: half of the time that it has waited, so that the first minute sees many tries and the first hour few.</summary>
internal sealed class RetrySchedule(TimeProvider time)
{
    /// <summary>Between two tries at least. The default value is 1 second.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Between two tries at most. The default value is 60 seconds.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>How long after receipt, or after a person had it start over, trying makes sense. The default value is 24 hours.</summary>
    private static readonly TimeSpan Useful = TimeSpan.FromHours(24);

    /// <summary>How far a delay is spread, so that what failed together does not come back together. The default value is 20 %.</summary>
    private const double Jitter = 0.2;

    /// <summary>The next try, or <see langword="null"/> when a person must look: data after its deadline, everything else after a day.</summary>
    public DateTimeOffset? Next(CustomsRequest request, FailureClass failure)
    {
        var now = time.GetUtcNow();
        var begun = request.RequeuedAt ?? request.ReceivedAt;
        var end = begun + (failure == FailureClass.Data ? request.Deadline - request.ReceivedAt : Useful);
        if (now >= end)
        {
            return null;
        }

        var waited = TimeSpan.FromTicks(Math.Clamp((now - begun).Ticks / 2, Least.Ticks, Most.Ticks));
        return now + (waited * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1))));
    }
}
