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

    /// <summary>Only a person can help.</summary>
    public static UploadFailure NeedsPerson(FailureClass failure, string reason) => new(UploadEvent.PersonNeeded, failure, reason);
}
