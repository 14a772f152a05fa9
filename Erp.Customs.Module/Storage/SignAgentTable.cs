using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of sign agents: when each was last heard of, and how it stood.</summary>
internal sealed class SignAgentTable(CustomsDatabase database, TimeProvider time)
{
    private long Now => time.GetUtcNow().Stored();

    /// <summary>Writes down a sign of life. An agent that is closed by a wrong PIN keeps the time at which it was first said.</summary>
    /// <param name="merchant">Whose agent.</param>
    /// <param name="name">The agent's name in the settings.</param>
    /// <param name="state">How it stands.</param>
    /// <param name="closed">Whether it tries no PIN.</param>
    /// <returns>Whether a person has reopened the merchant since it was closed: then it may try again.</returns>
    public Task<bool> SawAsync(string merchant, string name, AgentStanding state, bool closed) => database.WriteAsync(async (connection, transaction) =>
    {
        var closedAt = await ClosedAtAsync(connection, transaction, merchant, name);
        var values = new
        {
            merchant,
            name,
            Version = state.Version.Storable(),
            Machine = state.Machine.Storable(),
            Kind = state.Kind.Storable(),
            CertNo = state.CertNo.Storable(),
            Scheme = state.Scheme.Storable(),
            state.Certificate,
            Subject = state.Subject.Storable(),
            NotBefore = state.NotBefore.Stored(),
            NotAfter = state.NotAfter.Stored(),
            Error = state.Error.Storable(),
            ClosedAt = closed ? closedAt ?? Now : (long?)null,
            Now,
        };
        var known = await connection.ExecuteAsync(
            $"""
            UPDATE sign_agent SET seen_at = {database.Dialect.LeaseClock}, version = @Version, machine = @Machine, kind = @Kind, cert_no = @CertNo, scheme = @Scheme, cert_der = @Certificate, subject = @Subject,
              not_before = @NotBefore, not_after = @NotAfter, error = @Error, closed_at = @ClosedAt
            WHERE merchant = @merchant AND name = @name
            """,
            values,
            transaction);
        if (known == 0)
        {
            await connection.ExecuteAsync(
                $"""
                INSERT INTO sign_agent (merchant, name, seen_at, version, machine, kind, cert_no, scheme, cert_der, subject, not_before, not_after, error, closed_at)
                VALUES (@merchant, @name, {database.Dialect.LeaseClock}, @Version, @Machine, @Kind, @CertNo, @Scheme, @Certificate, @Subject, @NotBefore, @NotAfter, @Error, @ClosedAt)
                """,
                values,
                transaction);
        }

        return closed && closedAt is not null
            && await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM signer_stop WHERE merchant = @merchant AND signer IN (@Agents, '') AND reopened_at > @closedAt", new { merchant, closedAt, SignerStop.Agents }, transaction) > 0;
    });

    /// <summary>Notes that an agent that is known has met a wrong PIN, before it says so itself.</summary>
    public Task CloseAsync(string merchant, string name) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "UPDATE sign_agent SET closed_at = @Now WHERE merchant = @merchant AND name = @name AND closed_at IS NULL", new { merchant, name, Now }, transaction));

    /// <summary>All that were ever heard of, by merchant and name.</summary>
    public Task<IReadOnlyList<SeenAgent>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SeenAgent>>(
        async connection => [.. (await connection.QueryAsync<SignAgentRow>(
            $"""
            SELECT merchant AS Merchant, name AS Name, {database.Dialect.LeaseClock} - seen_at AS Silence, version AS Version, machine AS Machine, kind AS Kind, cert_no AS CertNo, scheme AS Scheme,
              cert_der AS Certificate, subject AS Subject, not_before AS NotBefore, not_after AS NotAfter, error AS Error, closed_at AS ClosedAt
            FROM sign_agent ORDER BY merchant, name
            """,
            new { Now })).Select(row => row.Read())],
        cancellationToken);

    private static Task<long?> ClosedAtAsync(DbConnection connection, DbTransaction transaction, string merchant, string name) =>
        connection.QuerySingleOrDefaultAsync<long?>("SELECT closed_at FROM sign_agent WHERE merchant = @merchant AND name = @name", new { merchant, name }, transaction);
}

/// <summary>How a sign agent says that it stands. Lengths are those of the columns: whoever fills it has looked.</summary>
internal sealed record AgentStanding
{
    /// <summary>Of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The name of its PC.</summary>
    public required string Machine { get; init; }

    /// <summary>What it signs with.</summary>
    public required string Kind { get; init; }

    /// <summary>证书编号; <see langword="null"/>, as the next five, while it can read no certificate.</summary>
    public string? CertNo { get; init; }

    /// <summary>RSA-SHA1 or SM2-SM3.</summary>
    public string? Scheme { get; init; }

    /// <summary>The certificate, DER.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>To whom the certificate was issued.</summary>
    public string? Subject { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Why it does not sign, <c>中文 | English</c>; empty when it does.</summary>
    public required string Error { get; init; }
}

/// <summary>A sign agent that has been heard of.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Silence">Since its last sign of life.</param>
/// <param name="Standing">How it stood then.</param>
/// <param name="ClosedAt">Since when it tries no PIN; <see langword="null"/> while it may.</param>
internal sealed record SeenAgent(string Merchant, string Name, TimeSpan Silence, AgentStanding Standing, DateTimeOffset? ClosedAt);

/// <summary>A sign agent as its columns are.</summary>
internal sealed class SignAgentRow
{
    public string Merchant { get; set; } = "";
    public string Name { get; set; } = "";
    public long Silence { get; set; }
    public string Version { get; set; } = "";
    public string Machine { get; set; } = "";
    public string Kind { get; set; } = "";
    public string? CertNo { get; set; }
    public string? Scheme { get; set; }
    public byte[]? Certificate { get; set; }
    public string? Subject { get; set; }
    public long? NotBefore { get; set; }
    public long? NotAfter { get; set; }
    public string Error { get; set; } = "";
    public long? ClosedAt { get; set; }

    /// <summary>The row in the words of the module.</summary>
    public SeenAgent Read() => new(
        Merchant, Name, TimeSpan.FromMilliseconds(Math.Max(0, Silence)),
        new AgentStanding
        {
            Version = Version,
            Machine = Machine,
            Kind = Kind,
            CertNo = CertNo,
            Scheme = Scheme,
            Certificate = Certificate,
            Subject = Subject,
            NotBefore = StoredTime.Read(NotBefore),
            NotAfter = StoredTime.Read(NotAfter),
            Error = Error,
        },
        StoredTime.Read(ClosedAt));
}
