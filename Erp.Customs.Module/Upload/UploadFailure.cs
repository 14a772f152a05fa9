using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>A step before the sending could not be done; says where the request stands then.</summary>
/// <param name="state">The state that it waits in while there is hope.</param>
/// <param name="failure">Its class; the class decides whether it is tried again.</param>
/// <param name="reason">In words, without personal data.</param>
internal sealed class UploadFailure(RequestState state, FailureClass failure, string reason) : Exception(reason)
{
    /// <summary>Where it waits.</summary>
    public RequestState State { get; } = state;

    /// <summary>Its class.</summary>
    public FailureClass Failure { get; } = failure;

    /// <summary>Only a person can help.</summary>
    public static UploadFailure NeedsPerson(FailureClass failure, string reason) => new(RequestState.NeedsPerson, failure, reason);
}
