using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>
/// <c>Customs:Retry:&lt;class&gt;</c>: when what failed is tried again. The delay is half of the time that a request has waited, so that the first minute sees many tries
/// and the first hour few; it is spread by 20 %, so that what failed together does not come back together.
/// </summary>
/// <param name="Least"><c>Least</c>: between two tries at least. The default value is 1 second.</param>
/// <param name="Most"><c>Most</c>: between two tries at most, also where customs ask for longer (Retry-After). The default value is 60 seconds, for a signer 10:
/// with the 15 that one which hangs is waited for, what it kept waiting is signed within 30 seconds of its return.</param>
/// <param name="Useful"><c>Useful</c>: how long after receipt, or after a person had it start over, trying makes sense; then a person is asked. The default value is 24 hours, for data the deadline.</param>
internal sealed record RetryOptions(TimeSpan Least, TimeSpan Most, TimeSpan Useful)
{
    /// <summary>The classes that are tried again at all, with their defaults. Of every other class a person is told at once.</summary>
    /// <param name="deadline"><c>Customs:Deadline</c>: data that is not there by then is a person's matter.</param>
    public static IReadOnlyDictionary<FailureClass, RetryOptions> Defaults(TimeSpan deadline)
    {
        var usual = new RetryOptions(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), TimeSpan.FromHours(24));
        return new Dictionary<FailureClass, RetryOptions>
        {
            [FailureClass.Data] = usual with { Useful = deadline },
            [FailureClass.SignerTransient] = usual with { Most = TimeSpan.FromSeconds(10) },
            [FailureClass.CustomsTransient] = usual,
            [FailureClass.Unknown] = usual,
        };
    }
}

/// <summary><c>Customs:Circuit</c>: when customs or a signer count as away, and how their return is noticed.</summary>
/// <param name="Failures"><c>Failures</c>: how many in a row open the circuit. The default value is 5.</param>
/// <param name="ProbeEvery"><c>ProbeEvery</c>: between two that are let through to see whether it is over. The default value is 5 seconds; what waited goes on at most so long after the return.</param>
internal sealed record CircuitOptions(int Failures, TimeSpan ProbeEvery)
{
    /// <summary>As nothing is set.</summary>
    public static CircuitOptions Default { get; } = new(5, TimeSpan.FromSeconds(5));
}
