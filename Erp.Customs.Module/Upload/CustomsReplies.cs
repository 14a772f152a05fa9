using System.Text.Json;
using System.Text.Json.Serialization;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Upload;

/// <summary>
/// What customs' codes mean for a request: a table in <c>Upload/customs-replies.json</c> and not code, because nothing in 20001..21000 is published but what somebody has met.
/// The first row whose code (or <c>*</c>) and piece of message fit counts.
/// </summary>
internal sealed class CustomsReplies
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly IReadOnlyList<Row> _rows;

    private CustomsReplies(IReadOnlyList<Row> rows) => _rows = rows;

    /// <summary>Reads the table beside the module.</summary>
    /// <exception cref="ModuleConfigurationException">The file is missing or wrong.</exception>
    public static CustomsReplies Read(string moduleDirectory)
    {
        var file = Path.Combine(moduleDirectory, "Upload", "customs-replies.json");
        try
        {
            var rows = JsonSerializer.Deserialize<List<Row>>(File.ReadAllBytes(file), Json)!;
            if (rows.Count == 0 || rows[^1].Code != "*")
            {
                throw new ModuleConfigurationException($"{file}: the last row must have the code *, for whatever customs may answer.");
            }

            return rows.Find(row => Happened(row) is null) is { } wrong
                ? throw new ModuleConfigurationException(
                    $"{file}: the row of code {wrong.Code} says {RequestStates.Word(wrong.State)} with {EnumWords<FailureClass>.Word(wrong.Failure)}, but a reply leads to accepted with none, "
                    + "to rejected (which may stop the merchant) or session_used with another failure, or, for what customs take later, to signed with customs_transient.")
                : new CustomsReplies(rows);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new ModuleConfigurationException($"{file} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Looks an answer up. Customs' message is not part of the reason: it may name a person, and reasons are logged.</summary>
    public ReplyMeaning Meaning(string code, string message)
    {
        var row = _rows.First(row => (row.Code == "*" || row.Code == code) && (row.MessageContains is null || message.Contains(row.MessageContains, StringComparison.Ordinal)));
        return new(Happened(row)!.Value, row.Failure, row.State == RequestState.Accepted ? "" : Words.Of($"{row.Zh}（{code}）", $"{row.En} ({code})"), row.Stops);
    }

    private static UploadEvent? Happened(Row row) => row switch
    {
        { Stops: true, State: not RequestState.Rejected } => null,
        { State: RequestState.Accepted, Failure: FailureClass.None } => UploadEvent.Accepted,
        { State: RequestState.Signed, Failure: FailureClass.CustomsTransient } => UploadEvent.NotTaken,
        { Failure: FailureClass.None or FailureClass.CustomsTransient } => null,
        { State: RequestState.Rejected } => UploadEvent.Rejected,
        { State: RequestState.SessionUsed } => UploadEvent.SessionUsed,
        _ => null,
    };

    private sealed record Row(string Code, string? MessageContains, RequestState State, FailureClass Failure, string Zh, string En)
    {
        public bool Stops { get; init; }
    }
}

/// <summary>What an answer of customs means for a request.</summary>
/// <param name="Happened">What it is to the request.</param>
/// <param name="Failure">Its class.</param>
/// <param name="Reason">In words, without personal data; empty for an acceptance.</param>
/// <param name="StopsMerchant">Whether every other upload of the merchant would fare alike, until a person has changed something.</param>
internal sealed record ReplyMeaning(UploadEvent Happened, FailureClass Failure, string Reason, bool StopsMerchant = false);
