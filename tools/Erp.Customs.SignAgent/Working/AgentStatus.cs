using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;

namespace Erp.Customs.SignAgent.Working;

/// <summary>How the agent stands, for its page and for its signs of life. Kept in memory; counts begin with the program.</summary>
internal sealed class AgentStatus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private AgentSnapshot _now = new();

    /// <summary>How it stands now.</summary>
    public AgentSnapshot Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    /// <summary>The module answered a sign of life.</summary>
    public void Met(AgentWelcome welcome) => Change(now => now with { Agent = welcome.Agent, Merchant = welcome.Merchant, HeardAt = time.GetUtcNow(), Away = null });

    /// <summary>The module answered.</summary>
    public void Heard() => Change(now => now with { HeardAt = time.GetUtcNow(), Away = null });

    /// <summary>The module did not answer as it should.</summary>
    /// <param name="why"><c>中文 | English</c>.</param>
    /// <returns>Whether that is new.</returns>
    public bool Lost(string why) => Change(now => now with { Away = why }).Away != why;

    /// <summary>The certificate was read, or could not be.</summary>
    /// <param name="certificate">The certificate; <see langword="null"/> keeps the last one.</param>
    /// <param name="problem"><c>中文 | English</c>; empty when it was read.</param>
    public void Looked(SignerCertificate? certificate, string problem) => Change(now => now with { Certificate = certificate ?? now.Certificate, CertificateProblem = problem });

    /// <summary>A person has reopened the merchant: what went wrong before counts no more.</summary>
    public void Reopened() => Change(now => now with { LastProblem = "" });

    /// <summary>A text was signed.</summary>
    /// <param name="took">How long the signer took.</param>
    /// <param name="used">Whether somebody still waited for it.</param>
    public void Signed(TimeSpan took, bool used) => Change(now => now with
    {
        Signed = now.Signed + (used ? 1 : 0),
        TooLate = now.TooLate + (used ? 0 : 1),
        LastAt = time.GetUtcNow(),
        LastTook = took,
        LastProblem = "",
    });

    /// <summary>A text was not signed.</summary>
    /// <param name="why"><c>中文 | English</c>.</param>
    public void Failed(string why) => Change(now => now with { NotSigned = now.NotSigned + 1, LastAt = time.GetUtcNow(), LastProblem = why });

    /// <returns>How it stood before.</returns>
    private AgentSnapshot Change(Func<AgentSnapshot, AgentSnapshot> change)
    {
        lock (_gate)
        {
            var before = _now;
            _now = change(before);
            return before;
        }
    }
}

/// <summary>How the agent stood at a moment.</summary>
internal sealed record AgentSnapshot
{
    /// <summary>Its name in the module's settings; empty until the module has said it.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Whose texts it signs.</summary>
    public string Merchant { get; init; } = "";

    /// <summary>When the module answered last.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Why the module does not answer, <c>中文 | English</c>; <see langword="null"/> while it does.</summary>
    public string? Away { get; init; }

    /// <summary>The last certificate that could be read.</summary>
    public SignerCertificate? Certificate { get; init; }

    /// <summary>Why it cannot be read now; empty when it can.</summary>
    public string CertificateProblem { get; init; } = "";

    /// <summary>Signatures that were used.</summary>
    public long Signed { get; init; }

    /// <summary>Signatures for which nobody waited any more.</summary>
    public long TooLate { get; init; }

    /// <summary>Texts that were not signed.</summary>
    public long NotSigned { get; init; }

    /// <summary>When the last text was done.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>How long the signer took for the last signature.</summary>
    public TimeSpan LastTook { get; init; }

    /// <summary>Why the last text was not signed; empty when it was.</summary>
    public string LastProblem { get; init; } = "";
}
