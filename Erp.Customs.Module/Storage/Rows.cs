namespace Erp.Customs.Module.Storage;

/// <summary>A request of customs (海关请求), as stored. Times are UTC with milliseconds.</summary>
internal sealed record CustomsRequest
{
    /// <summary>Ours; what a job is given.</summary>
    public required long Id { get; init; }

    /// <summary>Customs' sessionID; unique.</summary>
    public required string SessionId { get; init; }

    /// <summary>The order asked for.</summary>
    public required string OrderNo { get; init; }

    /// <summary>The merchant that customs' address named, or that the payment belongs to; <see langword="null"/> while unknown.</summary>
    public string? Merchant { get; init; }

    /// <summary>customs, or test for an upload that we started ourselves (联调).</summary>
    public required RequestPurpose Purpose { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the answer is due.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Where it stands.</summary>
    public required RequestState State { get; init; }

    /// <summary>Class of the last failure.</summary>
    public required FailureClass Failure { get; init; }

    /// <summary>Why it stands there, in words without personal data; empty when all is well.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it is due and held because its merchant's uploads are stopped; <see cref="Reason"/> then says why.</summary>
    public bool Held { get; init; }

    /// <summary>How often it was sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is due again; <see langword="null"/> when nothing will happen by itself. The one owner of retries.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Until when a worker holds it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Grows with every claim; a worker that holds an older number can save nothing.</summary>
    public required long Fence { get; init; }

    /// <summary>When the envelope was saved.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>When the first send began.</summary>
    public DateTimeOffset? FirstSentAt { get; init; }

    /// <summary>When an end state was reached.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a person last had it start over; a round of tries counts from here.</summary>
    public DateTimeOffset? RequeuedAt { get; init; }

    /// <summary>Code of customs' last reply.</summary>
    public string? CustomsCode { get; init; }

    /// <summary>Message of customs' last reply.</summary>
    public string? CustomsMessage { get; init; }

    /// <summary>支付企业 by its customs code, of the payment that was last signed; <see langword="null"/> while none was.</summary>
    public string? PayCode { get; init; }

    /// <summary>A person's word that it is not going to be mended; <see langword="null"/> while nobody has said so.</summary>
    public IgnoredMark? Ignored { get; init; }
}

/// <summary>忽略: a failed request that is not going to be mended. Where it stands stays true; it is only no longer told to people.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in his words.</param>
internal sealed record IgnoredMark(DateTimeOffset At, string By, string Reason);

/// <summary>Why a request is in the table.</summary>
internal enum RequestPurpose
{
    /// <summary>Customs asked.</summary>
    Customs,

    /// <summary>联调: we upload test data ourselves.</summary>
    Test,
}

/// <summary>The states, the same words in table, API and screens (snake_case there).</summary>
internal enum RequestState
{
    /// <summary>已接收: stored, acknowledged, not worked on yet.</summary>
    Received,

    /// <summary>待取数: no payment for the order yet.</summary>
    WaitingData,

    /// <summary>待签名: the signer does not answer.</summary>
    WaitingSigner,

    /// <summary>待上报: the envelope is saved, not sent yet.</summary>
    Signed,

    /// <summary>上报中: bytes are on their way.</summary>
    Sending,

    /// <summary>待确认: sent, no reply that tells anything; the same bytes are sent again.</summary>
    Unknown,

    /// <summary>已受理: customs answered 10000.</summary>
    Accepted,

    /// <summary>被退回: customs refused it.</summary>
    Rejected,

    /// <summary>会话已用: customs say that the session was used; a person looks whether it was by us.</summary>
    SessionUsed,

    /// <summary>需处理: a person must act.</summary>
    NeedsPerson,
}

/// <summary>Errors by class; the class decides what happens next.</summary>
internal enum FailureClass
{
    /// <summary>None.</summary>
    None,

    /// <summary>The payment's data: a person corrects it.</summary>
    Data,

    /// <summary>The template: a person corrects it.</summary>
    Template,

    /// <summary>The signer is unreachable or busy.</summary>
    SignerTransient,

    /// <summary>Wrong PIN: stop at once.</summary>
    SignerPin,

    /// <summary>Key, certificate or signature is wrong: a person corrects it.</summary>
    SignerConfiguration,

    /// <summary>Customs refused.</summary>
    CustomsRejected,

    /// <summary>Customs did not take it now.</summary>
    CustomsTransient,

    /// <summary>Nobody knows whether customs have it.</summary>
    Unknown,
}

/// <summary>What platDataOpen stores.</summary>
internal sealed record NewRequest(
    string SessionId, string OrderNo, string? Merchant, RequestPurpose Purpose, string ServiceTime, byte[] RawOpenReq, DateTimeOffset ReceivedAt, DateTimeOffset Deadline)
{
    /// <summary>What customs are answered once it is stored; <see langword="null"/> where nobody asked.</summary>
    public string? Answer { get; init; }
}

/// <summary>What became of storing a request.</summary>
internal enum InsertOutcome
{
    /// <summary>New.</summary>
    Stored,

    /// <summary>The same sessionID and orderNo were stored before.</summary>
    Repeated,

    /// <summary>The sessionID was stored before with another orderNo (or merchant).</summary>
    OtherOrder,
}

/// <summary>A stored payment (支付原始数据) in one version. Raw messages never change.</summary>
internal sealed record PaymentRecord
{
    /// <summary>Ours.</summary>
    public required long Id { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public required string Merchant { get; init; }

    /// <summary>交易流水号.</summary>
    public required string PayTransactionId { get; init; }

    /// <summary>原始请求.</summary>
    public required StoredMessage InitialRequest { get; init; }

    /// <summary>原始响应.</summary>
    public required StoredMessage InitialResponse { get; init; }

    /// <summary>1 for the delivery, one more for each correction.</summary>
    public required int Version { get; init; }

    /// <summary>Everything else in this version.</summary>
    public required Contracts.PaymentFacts Facts { get; init; }

    /// <summary>When the raw exchange was stored.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>Bytes as they were received.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Charset">IANA name of the encoding.</param>
/// <param name="Sha256">32 bytes, computed when the bytes arrived.</param>
internal sealed record StoredMessage(byte[] Bytes, string Charset, byte[] Sha256)
{
    /// <summary>Whether the bytes still are what arrived.</summary>
    public bool IsWhole => System.Security.Cryptography.SHA256.HashData(Bytes).AsSpan().SequenceEqual(Sha256);
}

/// <summary>The signed message (加签报文): saved once before the first send, sent as it is every time.</summary>
/// <param name="RequestId">Whose it is.</param>
/// <param name="PaymentId">From which payment it was made.</param>
/// <param name="PaymentVersion">From which version of it.</param>
/// <param name="Payload">The exact UTF-8 bytes of payExInfoStr, before form encoding.</param>
/// <param name="SignText">The exact UTF-8 bytes that were signed.</param>
/// <param name="ServiceTime">Unix milliseconds in both of them.</param>
/// <param name="CertNo">Serial number of the certificate.</param>
/// <param name="SignValue">Base64.</param>
/// <param name="Certificate">DER.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3, as verified.</param>
/// <param name="Renderer">Which renderer and templates made it.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Envelope(
    long RequestId, long PaymentId, int PaymentVersion, byte[] Payload, byte[] SignText, long ServiceTime,
    string CertNo, string SignValue, byte[] Certificate, string Scheme, string Renderer, DateTimeOffset CreatedAt)
{
    /// <summary>支付企业 of the payment; noted at the request when the message is saved, and not read back from here.</summary>
    public string PayCode { get; init; } = "";

    /// <summary>SHA-256 of <see cref="Payload"/>; read from the table, or computed when it is saved.</summary>
    public byte[] PayloadSha256 { get; init; } = System.Security.Cryptography.SHA256.HashData(Payload);

    /// <summary>Why the texts cannot be read and are empty here, in both languages; <see langword="null"/> when they can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Whether the payload still is what was saved.</summary>
    public bool IsWhole => System.Security.Cryptography.SHA256.HashData(Payload).AsSpan().SequenceEqual(PayloadSha256);
}

/// <summary>A signed message that a person has had replaced: customs surely never took it.</summary>
/// <param name="Number">1, 2, 3 … of its request.</param>
/// <param name="ReplacedAt">When.</param>
/// <param name="Envelope">As it was saved.</param>
internal sealed record ReplacedEnvelope(int Number, DateTimeOffset ReplacedAt, Envelope Envelope);

/// <summary>One sending of an envelope and what came back (回执).</summary>
/// <param name="RequestId">Whose it is.</param>
/// <param name="Number">1, 2, 3 …</param>
/// <param name="StartedAt">When the bytes began to go out.</param>
/// <param name="EndedAt">When the answer was read or given up; <see langword="null"/> while it is on its way or when the process died.</param>
/// <param name="HttpStatus">HTTP status, where there was one.</param>
/// <param name="Reply">The body as received; empty when there was none.</param>
/// <param name="CustomsCode">Its code, where it could be read.</param>
/// <param name="CustomsMessage">Its message.</param>
/// <param name="Error">What went wrong underneath, in words without personal data; empty when a reply was read.</param>
internal sealed record UploadAttempt(
    long RequestId, int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? HttpStatus, byte[] Reply, string? CustomsCode, string? CustomsMessage, string Error)
{
    /// <summary>Whether customs have it, as far as this sending tells. The default value is that an answer tells it, and that nobody knows without one.</summary>
    public Arrival Arrival { get; init; } = CustomsCode is null ? Arrival.Perhaps : Arrival.Answered;
}

/// <summary>One change of a request's state.</summary>
internal sealed record RequestEvent(long RequestId, DateTimeOffset At, RequestState State, FailureClass Failure, string Reason, int Attempt)
{
    /// <summary>Who did it, where a person did.</summary>
    public string Actor { get; init; } = "";
}

/// <summary>How a worker leaves a request. Applied only under the fence that the worker holds.</summary>
/// <param name="State">The new state; the Upload room alone decides it.</param>
/// <param name="Failure">Class of the failure, if any.</param>
/// <param name="Reason">In words without personal data.</param>
/// <param name="NextAttemptAt">When it is due again; <see langword="null"/> for never by itself.</param>
/// <param name="ReleaseLease">Whether the worker lets go of it.</param>
internal sealed record StateChange(RequestState State, FailureClass Failure, string Reason, DateTimeOffset? NextAttemptAt, bool ReleaseLease)
{
    /// <summary>
    /// The merchant's uploads to customs stop with it (停止上报), until a person reopens them: customs' code, or <see cref="UploadStop.Pin"/>; <see langword="null"/> when they go on.
    /// </summary>
    public string? StopCode { get; init; }

    /// <summary>What is written with it, such as what people are to be told.</summary>
    public AlsoWrite? Also { get; init; }

    /// <summary>What is written where the stop begins with it and did not stand before.</summary>
    public AlsoWrite? AlsoWhenStopped { get; init; }
}

/// <summary>A merchant whose uploads are stopped.</summary>
/// <param name="Merchant">Its name in the settings.</param>
/// <param name="StoppedAt">Since when.</param>
/// <param name="Code">Customs' code that did it, or <see cref="Pin"/>.</param>
/// <param name="Reason">In words, without personal data.</param>
internal sealed record UploadStop(string Merchant, DateTimeOffset StoppedAt, string Code, string Reason)
{
    /// <summary>Code of a stop that no customs made: every signer of the merchant has met a wrong PIN, after which none is tried again.</summary>
    public const string Pin = "PIN";
}

/// <summary>A signer that met a wrong PIN.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Signer">Its name: kind and where it is plugged in; empty for all of the merchant.</param>
/// <param name="StoppedAt">When.</param>
/// <param name="Reason">In words, without personal data.</param>
/// <param name="ReopenedAt">When a person reopened it; <see langword="null"/> while it is closed.</param>
internal sealed record SignerStop(string Merchant, string Signer, DateTimeOffset StoppedAt, string Reason, DateTimeOffset? ReopenedAt)
{
    /// <summary>The name under which a merchant's sign agents are closed, all at once: they share a card's PIN.</summary>
    public const string Agents = "Agent";
}
