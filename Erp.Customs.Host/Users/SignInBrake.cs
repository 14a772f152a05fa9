using System.Threading.RateLimiting;

namespace Erp.Customs.Host.Users;

/// <summary>Keeps passwords from being guessed: so many attempts for one name, and so many for all names together.</summary>
internal sealed class SignInBrake : IDisposable
{
    /// <summary>Attempts for one name in a <see cref="Window"/>.</summary>
    public const int AttemptsPerName = 5;

    /// <summary>Attempts for all names together in a <see cref="Window"/>; each costs a tenth of a second of one core.</summary>
    public const int AttemptsInAll = 60;

    /// <summary>How long attempts count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.CreateChained(
        Limiter(_ => "", AttemptsInAll),
        Limiter(name => name.Trim().ToUpperInvariant(), AttemptsPerName));

    /// <summary>Whether one more attempt may be made for a name.</summary>
    public bool Allows(string name)
    {
        using var lease = _limiter.AttemptAcquire(name);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> partition, int attempts) =>
        PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetFixedWindowLimiter(
            partition(name), _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = Window, QueueLimit = 0 }));
}
