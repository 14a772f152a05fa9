using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>How far a step of a request's way is.</summary>
internal enum WayState
{
    /// <summary>未到.</summary>
    NotYet,

    /// <summary>进行中: it is worked on, or waited for.</summary>
    AtWork,

    /// <summary>已完成.</summary>
    Done,

    /// <summary>失败: nothing goes on by itself.</summary>
    Failed,
}

/// <summary>One step of the way.</summary>
/// <param name="Title">What it is, <c>中文 | English</c>.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When it was reached, or when it was last tried.</param>
/// <param name="Took">Since the step before it.</param>
/// <param name="Attempts">How often it was tried; 0 where that says nothing.</param>
internal sealed record WayStep(string Title, WayState State, DateTimeOffset? At, TimeSpan? Took, int Attempts);

/// <summary>海关请求 → 取数 → 渲染 → 签名 → 上报 → 回执: the whole way of a request at one glance, put together from what the tables tell of it.</summary>
internal static class RequestWay
{
    /// <summary>The six steps.</summary>
    /// <param name="request">As it stands.</param>
    /// <param name="events">Its changes, oldest first.</param>
    /// <param name="attempts">Its sendings, oldest first.</param>
    /// <param name="envelope">Its message, where it has one.</param>
    public static IReadOnlyList<WayStep> Of(CustomsRequest request, IReadOnlyList<RequestEvent> events, IReadOnlyList<UploadAttempt> attempts, Envelope? envelope)
    {
        // What is tried again begins anew: only what came after the message was last thrown away counts.
        var round = envelope is null ? [.. events.Reverse().TakeWhile(one => one.State != RequestState.Signed).Reverse()] : events;
        var (data, signer) = (Of(RequestState.WaitingData), Of(RequestState.WaitingSigner));
        var (sent, answered) = (attempts.Count > 0 ? attempts[^1] : null, attempts.LastOrDefault(attempt => attempt.CustomsCode is not null));
        var signedAt = envelope?.CreatedAt;
        // A signer is asked when the payment was found and rendered, and not before.
        DateTimeOffset? renderedAt = signer.Count > 0 ? signer[0].At : signedAt;
        var stands = StandsAt(request, envelope);
        List<WayStep> steps = [];
        Add(Words.Of("海关请求", "Asked"), request.ReceivedAt, 0);
        Add(Words.Of("取数", "Payment"), renderedAt ?? data.LastOrDefault()?.At, data.Count);
        Add(Words.Of("渲染", "Rendering"), renderedAt, 0);
        Add(Words.Of("签名", "Signing"), signedAt ?? signer.LastOrDefault()?.At, signer.Count + (signedAt is null ? 0 : 1));
        Add(Words.Of("上报", "Sending"), sent?.StartedAt, attempts.Count);
        Add(Words.Of("回执", "Reply"), answered?.EndedAt, attempts.Count(attempt => attempt.CustomsCode is not null));
        return steps;

        List<RequestEvent> Of(RequestState state) => [.. round.Where(one => one.State == state)];

        void Add(string title, DateTimeOffset? at, int count)
        {
            var place = steps.Count;
            var state = place < stands.Step ? WayState.Done : place == stands.Step ? stands.State : WayState.NotYet;
            var before = steps.LastOrDefault(step => step.At is not null)?.At;
            var shown = state == WayState.NotYet ? null : at;
            steps.Add(new(title, state, shown, state == WayState.Done && shown is { } reached && before is { } since && reached >= since ? reached - since : null, state == WayState.NotYet ? 0 : count));
        }
    }

    /// <summary>At which step it stands (0 is the question, 5 the reply), and how.</summary>
    private static (int Step, WayState State) StandsAt(CustomsRequest request, Envelope? envelope) => request.State switch
    {
        RequestState.Received => (1, WayState.AtWork),
        RequestState.WaitingData => (1, WayState.AtWork),
        RequestState.WaitingSigner => (3, WayState.AtWork),
        RequestState.Signed or RequestState.Sending => (4, WayState.AtWork),
        RequestState.Unknown => (5, WayState.AtWork),
        RequestState.Accepted => (5, WayState.Done),
        RequestState.Rejected or RequestState.SessionUsed => (5, WayState.Failed),
        _ => (request.Failure switch
        {
            FailureClass.Template => 2,
            FailureClass.SignerTransient or FailureClass.SignerPin or FailureClass.SignerConfiguration => 3,
            FailureClass.CustomsTransient => 4,
            FailureClass.Unknown or FailureClass.CustomsRejected => 5,
            _ => envelope is null ? 1 : 4,
        }, WayState.Failed),
    };
}
