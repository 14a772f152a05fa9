using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>When a request that did not get through is tried again, by the class of its failure (<c>Customs:Retry</c>). What it says goes into the row's next_attempt_at, which alone decides.</summary>
internal sealed class RetrySchedule(CustomsOptions options, TimeProvider time)
{
    /// <summary>How far a delay is spread. The default value is 20 %.</summary>
    private const double Jitter = 0.2;

    /// <summary>The next try; <see langword="null"/> when a person must look: at once where nothing that passes by itself is wrong, otherwise when trying longer makes no sense.</summary>
    /// <param name="request">Which.</param>
    /// <param name="failure">What went wrong.</param>
    /// <param name="retryAfter">How long customs want to be left alone, if they said so: heeded up to the greatest delay of the class.</param>
    public DateTimeOffset? Next(CustomsRequest request, FailureClass failure, TimeSpan? retryAfter = null)
    {
        if (!options.Retry.TryGetValue(failure, out var retry))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var begun = request.RequeuedAt ?? request.ReceivedAt;
        var end = begun + retry.Useful;
        if (now >= end)
        {
            return null;
        }

        var spread = (now - begun) / 2 * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1)));
        var wished = retryAfter > spread ? retryAfter.Value : spread;
        var next = now + TimeSpan.FromTicks(Math.Clamp(wished.Ticks, retry.Least.Ticks, retry.Most.Ticks));
        return next < end ? next : end;
    }
}
