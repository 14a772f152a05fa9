using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>A step before the sending could not be done.</summary>
/// <param name="happened">What that is to the request while there is hope.</param>
/// <param name="failure">Its class; the class decides whether it is tried again.</param>
/// <param name="reason">In words, without personal data.</param>
internal sealed class UploadFailure(UploadEvent happened, FailureClass failure, string reason) : Exception(reason)
{
    /// <summary>What that is to the request.</summary>
    public UploadEvent Happened { get; } = happened;

    /// <summary>Its class.</summary>
    public FailureClass Failure { get; } = failure;

    /// <summary>When it goes on, where an outage says it and not the schedule of the class.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only a person can help.</summary>
    public static UploadFailure NeedsPerson(FailureClass failure, string reason) => new(UploadEvent.PersonNeeded, failure, reason);
}

/// <summary>A request cannot have its turn now and stays as it stands.</summary>
/// <param name="until">When it asks again.</param>
internal sealed class UploadHeld(DateTimeOffset until) : Exception
{
    /// <summary>When it asks again.</summary>
    public DateTimeOffset Until { get; } = until;
}
