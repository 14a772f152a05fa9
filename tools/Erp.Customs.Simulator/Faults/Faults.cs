using System.Text.Json.Serialization;

namespace Erp.Customs.Simulator;

/// <summary>How a fault distorts the answer to an upload.</summary>
[JsonConverter(typeof(FaultKindConverter))]
public enum FaultKind
{
    /// <summary>Not at all; for a fault that is only late.</summary>
    None,

    /// <summary>A given code and message, well-formed.</summary>
    Reply,

    /// <summary>An HTTP status with a page that is not JSON.</summary>
    Status,

    /// <summary>The connection is cut without an answer.</summary>
    Cut,

    /// <summary>HTTP 200 with something that is not JSON.</summary>
    Garbage,

    /// <summary>A 307 to another address of the simulator, which writes down whoever follows.</summary>
    Redirect,

    /// <summary>A well-formed reply that is far too long.</summary>
    Oversized,
}

/// <summary>Something that goes wrong with uploads, a number of times, for all sessions or for one.</summary>
public sealed record Fault
{
    /// <summary>How the answer is distorted. The default value is <see cref="FaultKind.None"/>.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>
    /// Whether the upload is judged and, when in order, taken into the database first: accepted, but the sender does not learn it.
    /// The default value is <see langword="false"/>; with <see cref="FaultKind.None"/> it always is.
    /// </summary>
    public bool Judge { get; init; }

    /// <summary>How many uploads it spoils. The default value is 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The only session it concerns, or <see langword="null"/> for every one.</summary>
    public string? SessionId { get; init; }

    /// <summary>How long the answer is held back, in milliseconds, after the upload was judged. The default value is 0.</summary>
    public int DelayMs { get; init; }

    /// <summary>Code of a <see cref="FaultKind.Reply"/>. The default value is 20000.</summary>
    public string Code { get; init; } = "20000";

    /// <summary>Message of a <see cref="FaultKind.Reply"/>. The default value is 上传失败.</summary>
    public string Message { get; init; } = "上传失败";

    /// <summary>HTTP status of a <see cref="FaultKind.Status"/>, 400 to 599. The default value is 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Retry-After of a <see cref="FaultKind.Status"/>, in seconds, 0 to 3600; <see langword="null"/> for no such header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Length of the message of a <see cref="FaultKind.Oversized"/> reply, in bytes. The default value is 64 MiB.</summary>
    public long Bytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Answers a code and a message.</summary>
    public static Fault Reply(string code, string message) => new() { Kind = FaultKind.Reply, Code = code, Message = message };

    /// <summary>Answers an HTTP status.</summary>
    public static Fault HttpStatus(int status) => new() { Kind = FaultKind.Status, Status = status };

    /// <summary>Judges as usual and answers late.</summary>
    public static Fault Delayed(TimeSpan delay) => new() { DelayMs = (int)delay.TotalMilliseconds };

    /// <summary>Reads the body and cuts the connection; customs have nothing.</summary>
    public static Fault CutBeforeAccepting() => new() { Kind = FaultKind.Cut };

    /// <summary>Takes the upload and cuts the connection: accepted, reply lost.</summary>
    public static Fault CutAfterAccepting() => new() { Kind = FaultKind.Cut, Judge = true };

    /// <summary>Answers something that is not JSON.</summary>
    public static Fault Garbage() => new() { Kind = FaultKind.Garbage };

    /// <summary>Answers 307.</summary>
    public static Fault Redirect() => new() { Kind = FaultKind.Redirect };

    /// <summary>Answers far too much.</summary>
    public static Fault Oversized() => new() { Kind = FaultKind.Oversized };

    /// <summary>In a word or two, for the log and the page.</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            FaultKind.None => "as usual",
            FaultKind.Reply => $"reply {Code}",
            FaultKind.Status => $"status {Status}",
            _ => Kind.ToString().ToLowerInvariant(),
        };
        return what + (Judge ? " after judging" : "") + (DelayMs > 0 ? $" after {DelayMs} ms" : "");
    }

    /// <summary>Why it cannot be set, or <see langword="null"/>.</summary>
    internal string? Problem() =>
        !Enum.IsDefined(Kind) ? "kind is none, reply, status, cut, garbage, redirect or oversized."
        : Times < 1 ? "times is at least 1."
        : DelayMs is < 0 or > 600_000 ? "delayMs is between 0 and 600000."
        : Status is < 400 or > 599 ? "status is between 400 and 599."
        : RetryAfter is < 0 or > 3600 ? "retryAfter is between 0 and 3600."
        : Bytes is < 0 or > 1024 * 1024 * 1024 ? "bytes is between 0 and 1073741824."
        : Code is null || Message is null ? "code and message are texts."
        : null;
}

/// <summary>The faults that are set. Uploads take from them in the order in which they were set; without any, customs behave.</summary>
public sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _pending = [];

    /// <summary>What is still to go wrong.</summary>
    public IReadOnlyList<Fault> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _pending];
            }
        }
    }

    /// <summary>Sets a fault behind those that are set.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Set(Fault fault)
    {
        if (fault.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(fault));
        }

        lock (_gate)
        {
            _pending.Add(fault);
        }
    }

    /// <summary>Forgets them all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _pending.Clear();
        }
    }

    /// <summary>The fault that meets an upload; it is used up by one.</summary>
    internal Fault? Take(string? sessionId)
    {
        lock (_gate)
        {
            var index = _pending.FindIndex(fault => fault.SessionId is null || string.Equals(fault.SessionId, sessionId, StringComparison.Ordinal));
            if (index < 0)
            {
                return null;
            }

            var fault = _pending[index];
            if (fault.Times > 1)
            {
                _pending[index] = fault with { Times = fault.Times - 1 };
            }
            else
            {
                _pending.RemoveAt(index);
            }

            return fault;
        }
    }
}

/// <summary>Kinds are lower-case words in JSON, never numbers.</summary>
internal sealed class FaultKindConverter() : JsonStringEnumConverter<FaultKind>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
