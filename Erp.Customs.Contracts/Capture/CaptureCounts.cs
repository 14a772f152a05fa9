using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// What became of everything that was captured or should have been: counted at once, logged a little later and not more than once in ten seconds for each outcome,
/// so that no payment waits for a log. Texts hold origins, trade numbers and types of exceptions, and nothing else of a message.
/// </summary>
internal sealed class CaptureCounts(TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Time between two log lines about the same outcome. 10 seconds.</summary>
    private static readonly TimeSpan s_logInterval = TimeSpan.FromSeconds(10);

    /// <summary>Details kept for a log line at most. 50.</summary>
    private const int DetailLimit = 50;

    private static readonly CaptureOutcome[] s_outcomes = Enum.GetValues<CaptureOutcome>();

    private readonly Meter _meter = new("Erp.Customs.Capture");
    private readonly Tally[] _tallies = [.. s_outcomes.Select(_ => new Tally())];
    private Counter<long>? _counter;

    private Counter<long> Counter => _counter ??= _meter.CreateCounter<long>("erp.customs.captures", unit: "{message}", description: "Raw payment messages, by what became of them");

    /// <summary>How many came out so.</summary>
    public long Of(CaptureOutcome outcome) => Volatile.Read(ref _tallies[(int)outcome].Count);

    /// <summary>Some came out so. Never throws, never waits.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="detail">For the log: an origin, a trade number, a type.</param>
    /// <param name="count">How many.</param>
    public void Add(CaptureOutcome outcome, string detail = "", int count = 1)
    {
        var tally = _tallies[(int)outcome];
        // Before it is counted: who reports the count finds the detail.
        if (detail.Length > 0 && tally.Details.Count < DetailLimit)
        {
            tally.Details.Enqueue(detail);
        }

        Interlocked.Add(ref tally.Count, count);
        Counter.Add(count, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
    }

    /// <summary>Something was thrown where it must not show.</summary>
    public void Add(Exception exception, string where) => Add(CaptureOutcome.Failed, $"{where}: {exception.GetType().Name}");

    /// <summary>When what is new may be logged; <see langword="null"/> when nothing is.</summary>
    public TimeSpan? NextReport => s_outcomes.Where(outcome => Level(outcome) is not null && Of(outcome) > _tallies[(int)outcome].Reported).Min(outcome => (TimeSpan?)Left(outcome));

    /// <summary>Logs what is new since the last time.</summary>
    /// <param name="all">Also what was logged a moment ago.</param>
    public void Report(bool all)
    {
        foreach (var outcome in s_outcomes)
        {
            if (Level(outcome) is not { } level)
            {
                continue;
            }

            var tally = _tallies[(int)outcome];
            var count = Of(outcome);
            if (count > tally.Reported && (all || Left(outcome) == TimeSpan.Zero))
            {
                var details = new HashSet<string>(StringComparer.Ordinal);
                while (tally.Details.TryDequeue(out var detail))
                {
                    details.Add(detail);
                }

                var isNew = count - tally.Reported;
                // Also when the log fails: it is not asked again at once.
                (tally.Reported, tally.ReportedAt) = (count, time.GetTimestamp());
                logger.Log(level, "Payment capture: {Count} messages {Outcome} ({Sentence}): {Details}", isNew, outcome, Sentence(outcome), string.Join(", ", details));
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private TimeSpan Left(CaptureOutcome outcome) =>
        _tallies[(int)outcome].ReportedAt is { } last && s_logInterval - time.GetElapsedTime(last) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static LogLevel? Level(CaptureOutcome outcome) => outcome switch
    {
        CaptureOutcome.Lost => LogLevel.Error,
        CaptureOutcome.Spooled or CaptureOutcome.TooLarge or CaptureOutcome.Incomplete or CaptureOutcome.Unassigned or CaptureOutcome.Failed => LogLevel.Warning,
        CaptureOutcome.Refused => LogLevel.Information,
        _ => null,
    };

    private static string Sentence(CaptureOutcome outcome) => outcome switch
    {
        CaptureOutcome.Lost => "neither the module nor the spool folder could take them: deliver these payments with their raw exchange",
        CaptureOutcome.Spooled => "the module does not take them now, they wait in the spool folder",
        CaptureOutcome.TooLarge => "larger than MessageLimit, passed on untouched",
        CaptureOutcome.Incomplete => "not sent or read to the end",
        CaptureOutcome.Unassigned => "no trade number or merchant was found",
        CaptureOutcome.Failed => "capture failed, the payment did not notice",
        CaptureOutcome.Refused => "notifies that the ERP did not accept",
        _ => "",
    };

    private sealed class Tally
    {
        public long Count;

        public long Reported { get; set; }

        public long? ReportedAt { get; set; }

        public ConcurrentQueue<string> Details { get; } = new();
    }
}
