using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>A row of <c>customs_request</c> as its columns are.</summary>
internal sealed class RequestRow
{
    /// <summary>The columns of a <see cref="CustomsRequest"/>, for a SELECT.</summary>
    public const string Columns = """
        id AS Id, session_id AS SessionId, order_no AS OrderNo, merchant AS Merchant, purpose AS Purpose, received_at AS ReceivedAt, deadline AS Deadline,
        state AS State, failure AS Failure, reason AS Reason, attempts AS Attempts, next_attempt_at AS NextAttemptAt, lease_until AS LeaseUntil, fence AS Fence,
        signed_at AS SignedAt, first_sent_at AS FirstSentAt, finished_at AS FinishedAt, requeued_at AS RequeuedAt, customs_code AS CustomsCode, customs_message AS CustomsMessage, pay_code AS PayCode,
        ignored_at AS IgnoredAt, ignored_by AS IgnoredBy, ignored_reason AS IgnoredReason,
          (SELECT s.reason FROM upload_stop s WHERE s.merchant = customs_request.merchant AND s.reopened_at IS NULL) AS Stopped
        """;

    public long Id { get; set; }
    public string SessionId { get; set; } = "";
    public string OrderNo { get; set; } = "";
    public string? Merchant { get; set; }
    public string Purpose { get; set; } = "";
    public long ReceivedAt { get; set; }
    public long Deadline { get; set; }
    public string State { get; set; } = "";
    public string Failure { get; set; } = "";
    public string Reason { get; set; } = "";
    public int Attempts { get; set; }
    public long? NextAttemptAt { get; set; }
    public long? LeaseUntil { get; set; }
    public long Fence { get; set; }
    public long? SignedAt { get; set; }
    public long? FirstSentAt { get; set; }
    public long? FinishedAt { get; set; }
    public long? RequeuedAt { get; set; }
    public string? CustomsCode { get; set; }
    public string? CustomsMessage { get; set; }
    public string? PayCode { get; set; }
    public long? IgnoredAt { get; set; }
    public string? IgnoredBy { get; set; }
    public string? IgnoredReason { get; set; }
    public string? Stopped { get; set; }

    /// <summary>A stop holds what would be sent to customs by itself; test uploads show whether the merchant may be reopened.</summary>
    private bool Held => Stopped is not null && NextAttemptAt is not null && Purpose == EnumWords<RequestPurpose>.Word(RequestPurpose.Customs);

    /// <summary>The row in the words of the module.</summary>
    public CustomsRequest Read() => new()
    {
        Id = Id,
        SessionId = SessionId,
        OrderNo = OrderNo,
        Merchant = Merchant,
        Purpose = EnumWords<RequestPurpose>.Parse(Purpose),
        ReceivedAt = StoredTime.Read(ReceivedAt),
        Deadline = StoredTime.Read(Deadline),
        State = RequestStates.Parse(State),
        Failure = EnumWords<FailureClass>.Parse(Failure),
        Reason = Held ? Stopped! : Reason,
        Held = Held,
        Attempts = Attempts,
        NextAttemptAt = StoredTime.Read(NextAttemptAt),
        LeaseUntil = StoredTime.Read(LeaseUntil),
        Fence = Fence,
        SignedAt = StoredTime.Read(SignedAt),
        FirstSentAt = StoredTime.Read(FirstSentAt),
        FinishedAt = StoredTime.Read(FinishedAt),
        RequeuedAt = StoredTime.Read(RequeuedAt),
        CustomsCode = CustomsCode,
        CustomsMessage = CustomsMessage,
        PayCode = PayCode,
        Ignored = StoredTime.Read(IgnoredAt) is { } ignored ? new(ignored, IgnoredBy!, IgnoredReason!) : null,
    };
}

/// <summary>A row of <c>request_event</c>.</summary>
internal sealed class EventRow
{
    public long RequestId { get; set; }
    public long OccurredAt { get; set; }
    public string State { get; set; } = "";
    public string Failure { get; set; } = "";
    public string Reason { get; set; } = "";
    public int Attempt { get; set; }
    public string Actor { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public RequestEvent Read() =>
        new(RequestId, StoredTime.Read(OccurredAt), RequestStates.Parse(State), EnumWords<FailureClass>.Parse(Failure), Reason, Attempt) { Actor = Actor };
}

/// <summary>A row of <c>upload_attempt</c>.</summary>
internal sealed class AttemptRow
{
    public long RequestId { get; set; }
    public int Number { get; set; }
    public long StartedAt { get; set; }
    public long? EndedAt { get; set; }
    public string Arrival { get; set; } = "";
    public int? HttpStatus { get; set; }
    public byte[] Reply { get; set; } = [];
    public string? CustomsCode { get; set; }
    public string? CustomsMessage { get; set; }
    public string Error { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public UploadAttempt Read(ContentVault vault) => new(RequestId, Number, StoredTime.Read(StartedAt), StoredTime.Read(EndedAt), HttpStatus, vault.Open(Reply), CustomsCode, CustomsMessage, Error)
    {
        Arrival = EnumWords<Arrival>.Parse(Arrival),
    };
}

/// <summary>A row of <c>envelope</c> or of <c>replaced_envelope</c>.</summary>
internal sealed class EnvelopeRow
{
    /// <summary>The columns of an <see cref="Envelope"/>, for a SELECT.</summary>
    public const string Columns = """
        request_id AS RequestId, payment_id AS PaymentId, payment_version AS PaymentVersion, payload AS Payload, payload_sha256 AS PayloadSha256,
          sign_text AS SignText, service_time AS ServiceTime, cert_no AS CertNo, sign_value AS SignValue, certificate AS Certificate, scheme AS Scheme,
          renderer AS Renderer, created_at AS CreatedAt
        """;

    public long RequestId { get; set; }
    public long PaymentId { get; set; }
    public int PaymentVersion { get; set; }
    public byte[] Payload { get; set; } = [];
    public byte[] PayloadSha256 { get; set; } = [];
    public byte[] SignText { get; set; } = [];
    public long ServiceTime { get; set; }
    public string CertNo { get; set; } = "";
    public string SignValue { get; set; } = "";
    public byte[] Certificate { get; set; } = [];
    public string Scheme { get; set; } = "";
    public string Renderer { get; set; } = "";
    public long CreatedAt { get; set; }
    public int Number { get; set; }
    public long ReplacedAt { get; set; }

    /// <summary>The row in the words of the module; without its texts where they cannot be read, so that all else of it can still be shown.</summary>
    public Envelope Read(ContentVault vault)
    {
        var (payload, signText, unreadable) = Open(vault);
        return new(RequestId, PaymentId, PaymentVersion, payload, signText, ServiceTime, CertNo, SignValue, Certificate, Scheme, Renderer, StoredTime.Read(CreatedAt))
        {
            PayloadSha256 = PayloadSha256,
            Unreadable = unreadable,
        };
    }

    private (byte[] Payload, byte[] SignText, string? Unreadable) Open(ContentVault vault)
    {
        try
        {
            return (vault.Open(Payload), vault.Open(SignText, Payload, ContentColumn.SignTextPart), null);
        }
        catch (UnreadableContentException unreadable)
        {
            return ([], [], unreadable.Message);
        }
    }
}

/// <summary>A row of <c>upload_stop</c>.</summary>
internal sealed class UploadStopRow
{
    public string Merchant { get; set; } = "";
    public long StoppedAt { get; set; }
    public string Code { get; set; } = "";
    public string Reason { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public UploadStop Read() => new(Merchant, StoredTime.Read(StoppedAt), Code, Reason);
}

/// <summary>A row of <c>signer_stop</c>.</summary>
internal sealed class SignerStopRow
{
    public string Merchant { get; set; } = "";
    public string Signer { get; set; } = "";
    public long StoppedAt { get; set; }
    public string Reason { get; set; } = "";
    public long? ReopenedAt { get; set; }

    /// <summary>The row in the words of the module.</summary>
    public SignerStop Read() => new(Merchant, Signer, StoredTime.Read(StoppedAt), Reason, StoredTime.Read(ReopenedAt));
}
