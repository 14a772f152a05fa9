using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>
/// What customs' own log and the module's table say of every session: nothing that was acknowledged may be lost, nothing accepted twice, nothing sent in two shapes,
/// and the table may claim nothing that customs do not know.
/// </summary>
/// <param name="Acknowledged">Sessions that were answered 10000.</param>
/// <param name="Accepted">Of those, accepted by customs.</param>
/// <param name="ForPerson">Of those, shown to a person or rejected.</param>
/// <param name="Lost">Acknowledged, but in no end state that somebody can see.</param>
/// <param name="Doubled">Accepted by customs more than once.</param>
/// <param name="Reshaped">Sent with different bytes.</param>
/// <param name="False">The table says what customs' log contradicts.</param>
internal sealed record Judgement(int Acknowledged, int Accepted, int ForPerson, IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled, IReadOnlyList<string> Reshaped, IReadOnlyList<string> False)
{
    /// <summary>Whether all of it holds.</summary>
    public bool Holds => Lost.Count == 0 && Doubled.Count == 0 && Reshaped.Count == 0 && False.Count == 0;

    /// <summary>Looks at everything that has happened.</summary>
    public static async Task<Judgement> OfAsync(Rehearsal rehearsal)
    {
        var table = await rehearsal.RequestsAsync();
        var sessions = rehearsal.Customs.Log.Sessions.Where(session => session.SessionId.Length > 0).ToList();
        var acknowledged = sessions.Where(session => session.Answers.Any(answer => answer.IsAcknowledged)).ToList();
        return new(
            acknowledged.Count,
            acknowledged.Count(session => session.AcceptedCount > 0),
            acknowledged.Count(session => session.AcceptedCount == 0 && IsShown(table, session)),
            Named(acknowledged.Where(session => !IsShown(table, session)), table),
            Named(sessions.Where(session => session.AcceptedCount > 1), table),
            Named(sessions.Where(session => session.PayloadHashes.Count > 1), table),
            Named(sessions.Where(session => IsFalse(table, session)), table));
    }

    /// <summary>In a line.</summary>
    public override string ToString() =>
        $"{Acknowledged:N0} acknowledged: {Accepted:N0} accepted, {ForPerson:N0} rejected or shown to a person; lost {Lost.Count}, accepted twice {Doubled.Count}, different bytes {Reshaped.Count}, false {False.Count}"
        + string.Concat(Lost.Concat(Doubled).Concat(Reshaped).Concat(False).Take(10).Select(session => $"\n  {session}"));

    private static bool IsShown(Dictionary<string, (string State, bool Waits, string Reason)> table, CustomsSession session) =>
        table.TryGetValue(session.SessionId, out var request) && request.State is "accepted" or "rejected" or "session_used" or "needs_person";

    /// <summary>Accepted in the table and not by customs; or accepted by customs while the table says that it was refused.</summary>
    private static bool IsFalse(Dictionary<string, (string State, bool Waits, string Reason)> table, CustomsSession session) =>
        table.TryGetValue(session.SessionId, out var request) && (session.AcceptedCount > 0 ? request.State is "rejected" or "needs_person" : request.State is "accepted");

    private static List<string> Named(IEnumerable<CustomsSession> sessions, Dictionary<string, (string State, bool Waits, string Reason)> table) =>
        [.. sessions.Select(session => $"{session.SessionId} of {session.OrderNo}: {table.GetValueOrDefault(session.SessionId, ("no row", false, "")).Item1}, uploads {session.Uploads.Count}, accepted {session.AcceptedCount}")];
}
