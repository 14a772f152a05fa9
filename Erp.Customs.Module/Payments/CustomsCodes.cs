using System.Text.Json;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Payments;

/// <summary>海关编码: through which customs an order is declared; a table in <c>Payments/customs-codes.json</c>.</summary>
internal sealed class CustomsCodes
{
    /// <summary>What the bridge takes when no code is given: 宁波海关（总署版）.</summary>
    public const string Default = "HG014";

    private CustomsCodes(IReadOnlyDictionary<string, string> names) => Names = names;

    /// <summary>Every code with its name.</summary>
    public IReadOnlyDictionary<string, string> Names { get; }

    /// <summary>Reads the table beside the module, and holds the merchants' settings against it.</summary>
    /// <exception cref="ModuleConfigurationException">The file is missing or wrong, or a merchant's code is not in it.</exception>
    public static CustomsCodes Read(string moduleDirectory, IEnumerable<MerchantOptions> merchants)
    {
        var file = Path.Combine(moduleDirectory, "Payments", "customs-codes.json");
        CustomsCodes codes;
        try
        {
            codes = new CustomsCodes(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file))!);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            throw new ModuleConfigurationException(Words.Of($"无法读取 {file}：{problem.Message}", $"{file} cannot be read: {problem.Message}"), problem);
        }

        foreach (var merchant in merchants.Where(merchant => merchant.Bridge is { CustomsCode.Length: > 0 } bridge && !codes.Names.ContainsKey(bridge.CustomsCode)))
        {
            var listed = string.Join(", ", codes.Names.Keys);
            throw new ModuleConfigurationException(Words.Of(
                $"设置 Customs:Merchants:{merchant.Name}:Bridge:CustomsCode 有误：应为 {listed} 之一", $"Customs:Merchants:{merchant.Name}:Bridge:CustomsCode is wrong: it takes one of {listed}"));
        }

        return codes;
    }

    /// <summary>The code that counts: the order's own, else the merchant's, else the bridge's default.</summary>
    public static string Effective(string ofOrder, BridgeMerchantOptions merchant) =>
        ofOrder.Length > 0 ? ofOrder : merchant.CustomsCode.Length > 0 ? merchant.CustomsCode : Default;
}
