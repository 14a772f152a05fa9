using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// The state machine of an upload (状态机): where a request stands after something has happened to it. The only place that says so;
/// <c>docs/state-machine.md</c> draws it, and a test holds the drawing against it.
/// </summary>
internal static class UploadStates
{
    /// <summary>Where it stands then; <see langword="null"/> where such a thing cannot happen.</summary>
    public static RequestState? Next(RequestState from, UploadEvent happened) => (happened, from) switch
    {
        (UploadEvent.NoData, RequestState.Received or RequestState.WaitingData or RequestState.WaitingSigner or RequestState.NeedsPerson) => RequestState.WaitingData,
        (UploadEvent.SignerAway, RequestState.Received or RequestState.WaitingData or RequestState.WaitingSigner or RequestState.NeedsPerson) => RequestState.WaitingSigner,
        (UploadEvent.Signed, RequestState.Received or RequestState.WaitingData or RequestState.WaitingSigner or RequestState.NeedsPerson) => RequestState.Signed,
        (UploadEvent.SendBegun, RequestState.Signed or RequestState.Unknown) => RequestState.Sending,
        (UploadEvent.NotTaken, RequestState.Sending) => RequestState.Signed,
        (UploadEvent.InDoubt, RequestState.Sending) => RequestState.Unknown,
        (UploadEvent.Accepted, RequestState.Sending) => RequestState.Accepted,
        (UploadEvent.Rejected, RequestState.Sending) => RequestState.Rejected,
        (UploadEvent.SessionUsed, RequestState.Sending) => RequestState.SessionUsed,
        (UploadEvent.PersonNeeded, not (RequestState.Accepted or RequestState.Rejected or RequestState.SessionUsed)) => RequestState.NeedsPerson,

        // Bytes that were on their way may have arrived.
        (UploadEvent.Left, RequestState.Sending) => RequestState.Unknown,
        (UploadEvent.Left, not (RequestState.Accepted or RequestState.Rejected or RequestState.SessionUsed)) => from,

        (UploadEvent.Requeued, RequestState.Signed or RequestState.Rejected or RequestState.NeedsPerson) => RequestState.Signed,
        (UploadEvent.RequeuedInDoubt, RequestState.Sending or RequestState.Unknown or RequestState.Rejected or RequestState.NeedsPerson) => RequestState.Unknown,

        // Where bytes are on their way or in doubt, another message would make two of one.
        (UploadEvent.RequeuedAnew, not (RequestState.Sending or RequestState.Unknown or RequestState.Accepted or RequestState.SessionUsed)) => RequestState.Received,
        _ => null,
    };

    /// <summary>Where it stands then.</summary>
    /// <exception cref="InvalidOperationException">Such a thing cannot happen there: a mistake in the program, and nothing is changed by it.</exception>
    public static RequestState After(RequestState from, UploadEvent happened) => Next(from, happened)
        ?? throw new InvalidOperationException($"A request that is {RequestStates.Word(from)} cannot meet {EnumWords<UploadEvent>.Word(happened)}.");
}

/// <summary>What may happen to a request.</summary>
internal enum UploadEvent
{
    /// <summary>No payment of the order is there yet.</summary>
    NoData,

    /// <summary>The signer does not answer.</summary>
    SignerAway,

    /// <summary>The message was signed, verified and saved.</summary>
    Signed,

    /// <summary>The first byte is about to go out.</summary>
    SendBegun,

    /// <summary>Customs surely do not have it: it never arrived, or they said that they did not take it now; nor can an earlier sending have arrived.</summary>
    NotTaken,

    /// <summary>Nobody knows whether customs have it: no answer that tells anything came, now or to an earlier sending.</summary>
    InDoubt,

    /// <summary>Customs answered 10000.</summary>
    Accepted,

    /// <summary>Customs refused it.</summary>
    Rejected,

    /// <summary>Customs say that the session was used.</summary>
    SessionUsed,

    /// <summary>Only a person can help, or trying longer makes no sense.</summary>
    PersonNeeded,

    /// <summary>The worker let go of it without an outcome: it is held back, the module stopped, something failed inside, or the process died.</summary>
    Left,

    /// <summary>A person has the saved bytes sent again; customs surely do not have them.</summary>
    Requeued,

    /// <summary>A person has the saved bytes sent again; customs may have them.</summary>
    RequeuedInDoubt,

    /// <summary>A person has it start over without a message, to be made and signed anew.</summary>
    RequeuedAnew,
}
