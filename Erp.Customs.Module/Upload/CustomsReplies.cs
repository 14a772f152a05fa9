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
            return rows.Count > 0 && rows[^1].Code == "*"
                ? new CustomsReplies(rows)
                : throw new ModuleConfigurationException($"{file}: the last row must have the code *, for whatever customs may answer.");
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new ModuleConfigurationException($"{file} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Looks an answer up. Customs' message is not part of the reason: it may name a person, and reasons are logged.</summary>
    public (RequestState State, FailureClass Failure, string Reason) Meaning(string code, string message)
    {
        var row = _rows.First(row => (row.Code == "*" || row.Code == code) && (row.MessageContains is null || message.Contains(row.MessageContains, StringComparison.Ordinal)));
        return (row.State, row.Failure, row.State == RequestState.Accepted ? "" : Words.Of($"{row.Zh}（{code}）", $"{row.En} ({code})"));
    }

    private sealed record Row(string Code, string? MessageContains, RequestState State, FailureClass Failure, string Zh, string En);
}
