using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>When an order at the bridge is pushed or asked about again: half of the time that it has waited, so that the first minute sees many tries and the first day few.</summary>
internal sealed class BridgeSchedule(TimeProvider time)
{
    /// <summary>Between two tries at least. The default value is 1 second.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Between two tries at most. The default value is 5 minutes.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    /// <summary>How long a push is tried. The default value is 24 hours.</summary>
    private static readonly TimeSpan PushUseful = TimeSpan.FromHours(24);

    /// <summary>How long GetOrder is asked: customs draw orders of the last three days. The default value is 72 hours.</summary>
    private static readonly TimeSpan AskUseful = TimeSpan.FromHours(72);

    /// <summary>How far a delay is spread, so that what failed together does not come back together. The default value is 20 %.</summary>
    private const double Jitter = 0.2;

    /// <summary>The next push, or <see langword="null"/> when a person must look.</summary>
    public DateTimeOffset? NextPush(BridgeOrder order) => Next(order.Since, PushUseful);

    /// <summary>The next question, or <see langword="null"/> when a person must look.</summary>
    public DateTimeOffset? NextQuestion(DateTimeOffset since) => Next(since, AskUseful);

    private DateTimeOffset? Next(DateTimeOffset since, TimeSpan useful)
    {
        var now = time.GetUtcNow();
        if (now >= since + useful)
        {
            return null;
        }

        var waited = TimeSpan.FromTicks(Math.Clamp((now - since).Ticks / 2, Least.Ticks, Most.Ticks));
        return now + (waited * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1))));
    }
}
