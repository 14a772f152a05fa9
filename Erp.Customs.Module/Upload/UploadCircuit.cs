namespace Erp.Customs.Module.Upload;

/// <summary>
/// One way out, to customs, to a merchant's signers together or to one of several: open after failures in a row. While it is open nothing goes through but a probe now and then, and the first that succeeds closes it.
/// In memory: a restart learns anew, and each node has its own.
/// Not Polly's breaker: that counts a share of failures in a window and tells neither since when nor when the next probe is.
/// </summary>
internal sealed class UploadCircuit(CircuitOptions options, TimeProvider time)
{
    /// <summary>Between two that wait for the same probe, so that many do not come back together. The default value is 50 milliseconds.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait behind a probe. Whoever waits is woken when the circuit closes; this is for a node that died meanwhile. The default value is 30 seconds.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _since;
    private DateTimeOffset _nextProbe;
    private int _waiting;
    private string _reason = "";

    /// <summary>How it stands; <see langword="null"/> while it is closed.</summary>
    public CircuitOutage? Outage
    {
        get
        {
            lock (_gate)
            {
                return IsOpen ? new(_since, _reason, _nextProbe) : null;
            }
        }
    }

    /// <summary>Whether failures have begun, though it may be closed yet.</summary>
    public bool IsSuspect
    {
        get
        {
            lock (_gate)
            {
                return _failures > 0;
            }
        }
    }

    private bool IsOpen => _failures >= options.Failures;

    /// <summary>Asks to go through.</summary>
    /// <returns><see langword="null"/>: go; otherwise when to ask again.</returns>
    public DateTimeOffset? WaitUntil()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!IsOpen)
            {
                return null;
            }

            if (now >= _nextProbe)
            {
                // The next probe does not wait for this one's end: one that hangs must not make the return be noticed late.
                _nextProbe = now + options.ProbeEvery;
                _waiting = 0;
                return null;
            }

            var behind = Step * _waiting++;
            return _nextProbe + (behind < LongestWait ? behind : LongestWait);
        }
    }

    /// <summary>It went through.</summary>
    /// <returns>Whether that closed it: those who wait are to be woken.</returns>
    public bool Succeeded()
    {
        lock (_gate)
        {
            var closed = IsOpen;
            _failures = 0;
            _waiting = 0;
            return closed;
        }
    }

    /// <summary>It failed.</summary>
    /// <param name="reason">In words, without personal data.</param>
    /// <param name="leaveAlone">How long the other side wants to be left alone, if it said so.</param>
    /// <returns>How often it failed in a row; at <see cref="CircuitOptions.Failures"/> that opened it.</returns>
    public int Failed(string reason, TimeSpan? leaveAlone = null)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _since = _failures == 0 ? now : _since;
            _reason = reason;
            var probe = now + (leaveAlone > options.ProbeEvery ? leaveAlone.Value : options.ProbeEvery);
            if (!IsOpen || leaveAlone is not null)
            {
                _nextProbe = probe > _nextProbe ? probe : _nextProbe;
            }

            return ++_failures;
        }
    }
}

/// <summary>An open circuit.</summary>
/// <param name="Since">When the first of the failures in a row was.</param>
/// <param name="Reason">The last one's reason.</param>
/// <param name="NextProbeAt">From when on one is let through.</param>
internal sealed record CircuitOutage(DateTimeOffset Since, string Reason, DateTimeOffset NextProbeAt);
