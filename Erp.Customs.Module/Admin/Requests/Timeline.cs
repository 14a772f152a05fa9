using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Requests;

/// <summary>The way of one request: its changes of state and its sendings in one line of time.</summary>
internal static class Timeline
{
    /// <summary>Puts both in order.</summary>
    public static IReadOnlyList<TimelineStep> Of(ScreenWords say, IReadOnlyList<RequestEvent> events, IReadOnlyList<UploadAttempt> attempts) =>
    [
        // A reply and the state that follows from it are written down in the same moment: the reply is told first.
        .. attempts.SelectMany(attempt => Sendings(say, attempt))
            .Concat(events.Select(one => new TimelineStep(one.At, say.State(one.State), ScreenWords.Colour(one.State), say.Of(one.Reason), one.Attempt, one.Actor)))
            .OrderBy(step => step.At),
    ];

    private static IEnumerable<TimelineStep> Sendings(ScreenWords say, UploadAttempt attempt)
    {
        yield return new(attempt.StartedAt, say["上报", "Sent"], "blue", "", attempt.Number, "");
        if (attempt.EndedAt is { } ended)
        {
            var reply = string.Join(' ', new[]
            {
                attempt.HttpStatus is { } status ? $"HTTP {status}" : "", attempt.CustomsCode ?? "", Mask.Sentence(attempt.CustomsMessage), attempt.Error,
            }.Where(part => part.Length > 0));
            yield return new(ended, attempt.HttpStatus is null ? say["无回执", "No reply"] : say["回执", "Reply"], attempt.CustomsCode == "10000" ? "green" : "orange", reply, attempt.Number, "");
        }
    }
}

/// <summary>One step of a request's way.</summary>
/// <param name="At">When.</param>
/// <param name="Title">What.</param>
/// <param name="Colour">Class of its tag.</param>
/// <param name="Words">What there is to say of it; may be empty.</param>
/// <param name="Attempt">How often the request had been sent.</param>
/// <param name="Actor">Who did it, where a person did.</param>
internal sealed record TimelineStep(DateTimeOffset At, string Title, string Colour, string Words, int Attempt, string Actor);
