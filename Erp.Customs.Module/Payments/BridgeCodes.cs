using System.Text.Json;
using System.Text.Json.Serialization;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Payments;

/// <summary>
/// What the bridge's codes mean (支付报关系统 API v1.1, appendix): a table in <c>Payments/bridge-codes.json</c>, keyed by stage and code, because 9911 and 9912 mean
/// one thing when an order is pushed and another when it is declared. A code that is not in it goes to a person.
/// </summary>
internal sealed class BridgeCodes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly IReadOnlyDictionary<(BridgeStage Stage, string Code), Row> _rows;

    private BridgeCodes(IReadOnlyDictionary<(BridgeStage, string), Row> rows) => _rows = rows;

    /// <summary>Reads the table beside the module.</summary>
    /// <exception cref="ModuleConfigurationException">The file is missing or wrong.</exception>
    public static BridgeCodes Read(string moduleDirectory)
    {
        var file = Path.Combine(moduleDirectory, "Payments", "bridge-codes.json");
        try
        {
            var rows = JsonSerializer.Deserialize<List<Row>>(File.ReadAllBytes(file), Json)!;
            return new BridgeCodes(rows.ToDictionary(row => (row.Stage, row.Code)));
        }
        catch (Exception problem) when (problem is IOException or JsonException or ArgumentException)
        {
            throw new ModuleConfigurationException(Words.Of($"无法读取 {file}：{problem.Message}", $"{file} cannot be read: {problem.Message}"), problem);
        }
    }

    /// <summary>Whether a code is in the table of a stage.</summary>
    public bool Knows(BridgeStage stage, string code) => _rows.ContainsKey((stage, code));

    /// <summary>Looks a code up. The reason is made of our own words and the code: the bridge's messages may name people.</summary>
    public BridgeMeaning Meaning(BridgeStage stage, string code) => _rows.TryGetValue((stage, code), out var row)
        ? new BridgeMeaning(row.Follow, Words.Of($"{row.Zh}（{code}）", $"{row.En} ({code})"))
        : new BridgeMeaning(BridgeFollow.Person, Words.Of($"资方返回未列出的代码 {code}，请人工核对", $"The bridge answered {code}, which is in no table: a person must look"));

    private sealed record Row(BridgeStage Stage, string Code, BridgeFollow Follow, string Zh, string En);
}

/// <summary>Where a code was answered.</summary>
internal enum BridgeStage
{
    /// <summary>推单返回: PushOrder's ReturnCode.</summary>
    Push,

    /// <summary>GetOrder's ReturnCode.</summary>
    Get,

    /// <summary>报关返回: a code of payment or declaration, wherever GetOrder shows it.</summary>
    Declaration,
}

/// <summary>What follows from a code.</summary>
internal enum BridgeFollow
{
    /// <summary>This stage is over.</summary>
    Done,

    /// <summary>GetOrder tells.</summary>
    ConfirmByGet,

    /// <summary>The same again, later.</summary>
    Retry,

    /// <summary>Nothing of this merchant is pushed until a person reopens it.</summary>
    StopMerchant,

    /// <summary>A person corrects the order.</summary>
    DataError,

    /// <summary>A person must look.</summary>
    Person,
}

/// <summary>What a code means.</summary>
/// <param name="Follow">What follows.</param>
/// <param name="Reason">In words with the code, without personal data.</param>
internal sealed record BridgeMeaning(BridgeFollow Follow, string Reason);
