using System.Collections.Immutable;

namespace Erp.Customs.Simulator;

/// <summary>Everything that happened under one sessionID, as it stood when it was asked for.</summary>
public sealed record CustomsSession
{
    /// <summary>会话ID; empty for uploads whose sessionID could not be read.</summary>
    public required string SessionId { get; init; }

    /// <summary>The order that customs asked for first; <see langword="null"/> when they never asked.</summary>
    public string? OrderNo { get; init; }

    /// <summary>When the session began: when customs asked, or when the first upload came unasked.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How often platDataOpen was called.</summary>
    public int Asks { get; init; }

    /// <summary>What it answered, oldest first.</summary>
    public ImmutableList<OpenReqAnswer> Answers { get; init; } = [];

    /// <summary>The uploads without their payloads, oldest first.</summary>
    public ImmutableList<UploadLine> Uploads { get; init; } = [];

    /// <summary>How many of the uploads were taken into the database: never more than one.</summary>
    public int AcceptedCount => Uploads.Count(upload => upload.Verdict is UploadVerdict.Accepted);

    /// <summary>The different payloads that came, as SHA-256 in lower-case hex.</summary>
    public IReadOnlySet<string> PayloadHashes => Uploads.Select(upload => upload.PayloadSha256).ToImmutableHashSet(StringComparer.Ordinal);
}
