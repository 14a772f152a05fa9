using System.Text.Json.Serialization;

namespace Erp.Customs.Simulator;

/// <summary>One line of customs' log.</summary>
/// <param name="At">When it was written.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StartedLine), "started")]
[JsonDerivedType(typeof(AskedLine), "asked")]
[JsonDerivedType(typeof(AnsweredLine), "answered")]
[JsonDerivedType(typeof(UploadLine), "upload")]
[JsonDerivedType(typeof(StrayLine), "stray")]
public abstract record LogLine(DateTimeOffset At);

/// <summary>The log was opened. A line before it that cannot be read was being written when the process died: it was never answered.</summary>
/// <param name="At">When.</param>
public sealed record StartedLine(DateTimeOffset At) : LogLine(At);

/// <summary>Customs are about to call platDataOpen. Written before the call, because the upload may come before the call's answer.</summary>
/// <param name="At">When.</param>
/// <param name="SessionId">会话ID.</param>
/// <param name="OrderNo">The order asked for.</param>
/// <param name="Address">The firm's address.</param>
/// <param name="Shape">In which shape openReq is sent.</param>
/// <param name="Body">What is sent.</param>
public sealed record AskedLine(DateTimeOffset At, string SessionId, string OrderNo, Uri Address, string Shape, string Body) : LogLine(At);

/// <summary>What platDataOpen answered.</summary>
/// <param name="At">When.</param>
/// <param name="SessionId">会话ID.</param>
/// <param name="Answer">The answer; its problem when there was none.</param>
public sealed record AnsweredLine(DateTimeOffset At, string SessionId, OpenReqAnswer Answer) : LogLine(At);

/// <summary>What became of an upload.</summary>
public enum UploadVerdict
{
    /// <summary>In customs' database, whether or not the answer reached the sender.</summary>
    Accepted,

    /// <summary>A rule was broken.</summary>
    Refused,

    /// <summary>A fault answered instead.</summary>
    NotJudged,
}

/// <summary>An upload and its answer. Written before the answer goes out.</summary>
/// <param name="At">When the verdict was written.</param>
/// <param name="ReceivedAt">When the whole body had been read.</param>
/// <param name="SessionId">会话ID, where it could be read.</param>
/// <param name="EbpCode">电商平台代码, where it could be read.</param>
/// <param name="CertNo">证书编号, where it could be read.</param>
/// <param name="PayTransactionId">交易流水号, where it could be read.</param>
/// <param name="OrderNos">Its orders, as far as they could be read.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Code">The judge's code; a reply fault's when there was no judge; empty when there was neither.</param>
/// <param name="Message">The message that belongs to it.</param>
/// <param name="Remarks">What was tolerated.</param>
/// <param name="Fault">Which fault distorted the answer, or <see langword="null"/>.</param>
/// <param name="PayloadSha256">SHA-256 of payExInfoStr after form decoding, lower-case hex; of the body when the form was unusable.</param>
/// <param name="PayExInfoStr">The payload; <see langword="null"/> when it is not well-formed UTF-8, and in what the queries of <see cref="CustomsLog"/> answer.</param>
/// <param name="Body">Base64 of what arrived when it has no text; <see langword="null"/> otherwise.</param>
public sealed record UploadLine(
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    string? SessionId,
    string? EbpCode,
    string? CertNo,
    string? PayTransactionId,
    IReadOnlyList<string> OrderNos,
    UploadVerdict Verdict,
    string Code,
    string Message,
    IReadOnlyList<string> Remarks,
    string? Fault,
    string PayloadSha256,
    string? PayExInfoStr,
    string? Body) : LogLine(At)
{
    /// <summary>Where the line begins in the file.</summary>
    [JsonIgnore]
    internal long Offset { get; init; }

    /// <summary>How many bytes it has.</summary>
    [JsonIgnore]
    internal int Length { get; init; }
}

/// <summary>Something was posted where a redirect fault had pointed: a client that follows redirects gives payment data away.</summary>
/// <param name="At">When.</param>
/// <param name="Bytes">How many bytes it sent.</param>
public sealed record StrayLine(DateTimeOffset At, long Bytes) : LogLine(At);
