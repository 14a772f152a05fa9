using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage;

/// <summary>Something that people are to be told (告警). No personal data.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Merchant">The merchant's name in the settings; empty where it concerns none or is not known.</param>
/// <param name="Level">How urgent it is.</param>
/// <param name="Subject">One line, <c>中文 | English</c>.</param>
/// <param name="Text">A few sentences, likewise.</param>
internal sealed record Alert(AlertKind Kind, string Merchant, NoticeLevel Level, string Subject, string Text);

/// <summary>What an alert is about; of the same kind and merchant is alike (snake_case in the table).</summary>
internal enum AlertKind
{
    /// <summary>A request of customs stands where only a person can move it.</summary>
    RequestNeedsPerson,

    /// <summary>The uploads of a merchant have stopped.</summary>
    UploadsStopped,

    /// <summary>Half of the time for answers is gone.</summary>
    DeadlineNear,

    /// <summary>Customs do not answer.</summary>
    CustomsAway,

    /// <summary>A merchant's signer does not answer, or one of several.</summary>
    SignerAway,

    /// <summary>One of a merchant's signers met a wrong PIN; the others go on.</summary>
    SignerClosed,

    /// <summary>The pushes of a merchant have stopped.</summary>
    PushesStopped,

    /// <summary>An order at the bridge stands where only a person can move it.</summary>
    PushNeedsPerson,

    /// <summary>An order is paid and declared, but customs could not be answered about it.</summary>
    PushNotArchived,

    /// <summary>A merchant's certificate ends soon, or has ended.</summary>
    CertificateEnds,

    /// <summary>Records wait too long for their seal.</summary>
    ArchiveUnsealed,

    /// <summary>A checkpoint of the archive contradicts the database, or could not be kept outside of it.</summary>
    ArchiveCheckpoint,

    /// <summary>Retention erases nothing, because the clock is in doubt.</summary>
    RetentionClock,

    /// <summary>The daily reconciliation found something that was not known.</summary>
    Incomplete,

    /// <summary>Somebody tried a channel.</summary>
    Test,
}

/// <summary>A message to one channel, as stored.</summary>
internal sealed record AlertMessage
{
    /// <summary>Ours.</summary>
    public required long Id { get; init; }

    /// <summary>The channel's name in the settings; <c>host</c> or <c>log</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The merchant, or empty.</summary>
    public required string Merchant { get; init; }

    /// <summary>The most urgent that it tells of.</summary>
    public required NoticeLevel Level { get; init; }

    /// <summary>Subject of the first, <c>中文 | English</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Text of the first, then a line for each of those that came with it, at most ten in all; each <c>中文 | English</c>.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>Where to look, from the host's root.</summary>
    public string? Path { get; init; }

    /// <summary>How many it tells of.</summary>
    public required int Alerts { get; init; }

    /// <summary>The first of them.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>The last of them.</summary>
    public required DateTimeOffset LastRaisedAt { get; init; }

    /// <summary>What became of it.</summary>
    public required AlertOutcome Outcome { get; init; }

    /// <summary>How often it was sent; more than once where an answer was bad or never came, so that it may have arrived more than once.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is due; <see langword="null"/> when nothing happens by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>End of the last attempt.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the last attempt met, <c>中文 | English</c>; empty when it was taken.</summary>
    public required string Error { get; init; }
}

/// <summary>What became of a message.</summary>
internal enum AlertOutcome
{
    /// <summary>待发送: not sent yet, or to be sent again.</summary>
    Waiting,

    /// <summary>已发送: the other side took it.</summary>
    Sent,

    /// <summary>失败: given up.</summary>
    Failed,
}

/// <summary>A row of <c>alert_message</c> as its columns are.</summary>
internal sealed class AlertRow
{
    /// <summary>The columns of an <see cref="AlertMessage"/>, for a SELECT.</summary>
    public const string Columns = """
        id AS Id, channel AS Channel, kind AS Kind, merchant AS Merchant, level AS Level, subject AS Subject, body AS Body, path AS Path, alerts AS Alerts,
        raised_at AS RaisedAt, last_raised_at AS LastRaisedAt, quiet_until AS QuietUntil, outcome AS Outcome, attempts AS Attempts,
        next_attempt_at AS NextAttemptAt, ended_at AS EndedAt, error AS Error
        """;

    public long Id { get; set; }
    public string Channel { get; set; } = "";
    public string Kind { get; set; } = "";
    public string Merchant { get; set; } = "";
    public string Level { get; set; } = "";
    public string Subject { get; set; } = "";
    public string Body { get; set; } = "";
    public string? Path { get; set; }
    public int Alerts { get; set; }
    public long RaisedAt { get; set; }
    public long LastRaisedAt { get; set; }
    public long QuietUntil { get; set; }
    public string Outcome { get; set; } = "";
    public int Attempts { get; set; }
    public long? NextAttemptAt { get; set; }
    public long? EndedAt { get; set; }
    public string Error { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public AlertMessage Read() => new()
    {
        Id = Id,
        Channel = Channel,
        Kind = EnumWords<AlertKind>.Parse(Kind),
        Merchant = Merchant,
        Level = EnumWords<NoticeLevel>.Parse(Level),
        Subject = Subject,
        Lines = Body.Split('\n'),
        Path = Path,
        Alerts = Alerts,
        RaisedAt = StoredTime.Read(RaisedAt),
        LastRaisedAt = StoredTime.Read(LastRaisedAt),
        Outcome = EnumWords<AlertOutcome>.Parse(Outcome),
        Attempts = Attempts,
        NextAttemptAt = StoredTime.Read(NextAttemptAt),
        EndedAt = StoredTime.Read(EndedAt),
        Error = Error,
    };
}
