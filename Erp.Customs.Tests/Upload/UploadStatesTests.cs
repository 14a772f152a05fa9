using System.Reflection;
using System.Text.RegularExpressions;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;

namespace Erp.Customs.Tests.Upload;

/// <summary>The state machine, every state with every event, against what is drawn for people.</summary>
public sealed partial class UploadStatesTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(
        typeof(UploadStatesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key is "RepositoryRoot").Value!, "docs", "state-machine.md"));

    private static readonly IReadOnlyList<string> s_states = [.. Enum.GetValues<RequestState>().Select(RequestStates.Word)];

    private static readonly IReadOnlyList<string> s_events = [.. Enum.GetValues<UploadEvent>().Select(EnumWords<UploadEvent>.Word)];

    [Fact]
    public void Every_state_with_every_event_leads_where_the_table_says()
    {
        var rows = s_document.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToList()).ToList();
        var table = rows.Where(row => row.Count == s_states.Count + 1).ToList();
        Assert.Equal(s_events, table.Select(row => row[0]));
        var head = s_document.Split('\n').Single(line => line.StartsWith("| | received", StringComparison.Ordinal));
        Assert.Equal(s_states, head.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

        foreach (var row in table)
        {
            foreach (var (from, drawn) in s_states.Zip(row.Skip(1)))
            {
                var to = UploadStates.Next(RequestStates.Parse(from), EnumWords<UploadEvent>.Parse(row[0]));
                Assert.True(drawn == (to is { } state ? RequestStates.Word(state) : "—"), $"{from}, {row[0]}: drawn {drawn}, but the program says {to?.ToString() ?? "—"}");
            }
        }
    }

    [Fact]
    public void Every_way_is_in_the_drawing_and_no_other()
    {
        var drawn = Arrow().Matches(s_document).SelectMany(arrow => arrow.Groups["events"].Value.Split(", ").Select(happened => (arrow.Groups["from"].Value, happened, arrow.Groups["to"].Value)));
        var ways =
            from state in Enum.GetValues<RequestState>()
            from happened in Enum.GetValues<UploadEvent>()
            let to = UploadStates.Next(state, happened)
            where to is not null && to != state
            select (RequestStates.Word(state), EnumWords<UploadEvent>.Word(happened), RequestStates.Word(to.Value));
        Assert.Equal(ways.Order(), drawn.Order());
    }

    [Fact]
    public void What_cannot_happen_says_what_it_was() =>
        Assert.Contains("accepted cannot meet send_begun", Assert.Throws<InvalidOperationException>(() => UploadStates.After(RequestState.Accepted, UploadEvent.SendBegun)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_customs_may_have_is_never_signed_anew()
    {
        Assert.Null(UploadStates.Next(RequestState.Sending, UploadEvent.RequeuedAnew));
        Assert.Null(UploadStates.Next(RequestState.Unknown, UploadEvent.RequeuedAnew));
        Assert.All(Enum.GetValues<UploadEvent>(), happened => Assert.Null(UploadStates.Next(RequestState.Accepted, happened)));
        Assert.All(Enum.GetValues<UploadEvent>(), happened => Assert.Null(UploadStates.Next(RequestState.SessionUsed, happened)));
    }

    [GeneratedRegex(@"^ +(?<from>\w+) --> (?<to>\w+): (?<events>[\w, ]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Arrow();
}
