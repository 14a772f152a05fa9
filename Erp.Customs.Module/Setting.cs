using Erp.Customs.Contracts;
using Microsoft.Extensions.Configuration;

namespace Erp.Customs.Module;

/// <summary>How one setting is read, and the sentence where it is wrong.</summary>
internal static class Setting
{
    /// <summary>A secret: the host's store wins over the configuration.</summary>
    public static string? Secret(this IConfiguration configuration, ISecretStore? secrets, string key) => secrets?.Read(key) ?? configuration[key];

    /// <summary>One that must be there.</summary>
    /// <exception cref="ModuleConfigurationException">It is not.</exception>
    public static string Required(this IConfiguration configuration, string key, string zh, string en) => configuration[key] is { Length: > 0 } value ? value : throw Missing(key, zh, en);

    /// <summary>SHA-256 of secrets that others show, by name.</summary>
    /// <param name="configuration">Where they stand.</param>
    /// <param name="secrets">The host's store.</param>
    /// <param name="section">Its children's keys are the names.</param>
    /// <param name="zh">Of what it is the sum.</param>
    /// <param name="en">The same.</param>
    /// <exception cref="ModuleConfigurationException">One of them is no SHA-256.</exception>
    public static Dictionary<string, byte[]> Hashes(this IConfiguration configuration, ISecretStore? secrets, string section, string zh, string en)
    {
        var hashes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var child in configuration.GetSection(section).GetChildren())
        {
            var key = $"{section}:{child.Key}";
            var value = configuration.Secret(secrets, key) ?? "";
            hashes[child.Key] = value.Length == 64 && value.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(value)
                : throw Invalid(key, $"{zh}的 SHA-256，64 位十六进制", $"the SHA-256 of {en} as 64 hex digits");
        }

        return hashes;
    }

    /// <summary>For one that is not there.</summary>
    public static ModuleConfigurationException Missing(string key, string zh, string en) => new(Words.Of($"缺少设置 {key}：应填{zh}", $"{key} is missing: it takes {en}"));

    /// <summary>For a value that may hold a secret.</summary>
    public static ModuleConfigurationException Invalid(string key, string zh, string en) => new(Words.Of($"设置 {key} 有误：应为{zh}", $"{key} is wrong: it takes {en}"));

    /// <summary>For a value that may be shown.</summary>
    public static ModuleConfigurationException Wrong(string key, string value, string zh, string en) =>
        new(Words.Of($"设置 {key} 的值“{value}”有误：应为{zh}", $"{key} is '{value}', but it takes {en}"));
}
